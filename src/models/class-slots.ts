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
 * Give each class its slot, in the project's order: a class that is named like a key has that key,
 * any other the next one that is free. A class added later never moves an earlier one.
 */
export function slotsOf(classes: readonly string[]): (string | undefined)[] {
  const free = new Set(SLOTS);
  const limit = classes.length > MOST_BUTTONS ? BUTTONS_OF_MANY : MOST_BUTTONS;
  return classes.map((label, index) => {
    if (index >= limit) {
      return undefined;
    }
    const next = [...free].find(slot => slot !== '0');
    const own = label.toUpperCase();
    const slot = free.has(own) ? own : next;
    free.delete(slot ?? '');
    return slot;
  });
}
