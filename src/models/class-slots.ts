import type { IProjectReply } from '../api/types';

/**
 * The keys that a class can have, named after how they are bound by default. `0` is for a class of
 * that name only: nobody looks for the tenth class there.
 */
export const SLOTS = '1234567890ABD'.split('');

/**
 * A project with more classes than this gets a list to type in.
 */
export const MOST_BUTTONS = 12;

/**
 * How many classes of a long list have a button and a key.
 */
export const BUTTONS_OF_MANY = 9;

/**
 * The slot of each class, in the project's order: a class that is named like a key has that key,
 * any other the next one that is free. One whose own key is gone gets a letter: with another digit
 * it would take the key of the class named so, and all digits after it would be wrong. A class added
 * later never moves an earlier one, and one that was merged into another leaves its slot empty.
 */
export function slotsOf(
  project: Pick<IProjectReply, 'classes' | 'merged'>
): (string | undefined)[] {
  const slots = slotsInOrder(everySince(project));
  const gone = new Set(project.merged.map(each => each.position));
  return slots.filter((_, index) => !gone.has(index));
}

/** All classes there ever were, each where it stands. */
function everySince({
  classes,
  merged
}: Pick<IProjectReply, 'classes' | 'merged'>): string[] {
  const all = [...classes];
  [...merged]
    .sort((a, b) => a.position - b.position)
    .forEach(each => all.splice(each.position, 0, each.name));
  return all;
}

function slotsInOrder(classes: readonly string[]): (string | undefined)[] {
  const free = new Set(SLOTS);
  const limit = classes.length > MOST_BUTTONS ? BUTTONS_OF_MANY : MOST_BUTTONS;
  return classes.map((label, index) => {
    if (index >= limit) {
      return undefined;
    }
    const own = label.toUpperCase();
    const next = [...free].filter(slot => slot !== '0');
    const letter = next.find(slot => SLOTS.includes(own) && /\D/.test(slot));
    const slot = free.has(own) ? own : (letter ?? next[0]);
    free.delete(slot ?? '');
    return slot;
  });
}
