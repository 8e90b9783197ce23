import { expect, type APIRequestContext } from '@playwright/test';

import { makeProject } from './projects';

const TEXTS = ['soft', 'torn', 'warm', 'stiff'];

/**
 * A project whose four texts are all labeled, and two people disagree about the second.
 */
export async function finishedProject(
  request: APIRequestContext,
  name: string,
  classes = ['good', 'bad']
): Promise<void> {
  const said = (who: string, label: string) => ({
    completed_by: { email: `${who}@example.org` },
    result: [
      {
        type: 'choices',
        from_name: 'opinion',
        to_name: 'text',
        value: { choices: [label] }
      }
    ]
  });
  const tasks = TEXTS.map((text, i) => ({
    id: i,
    data: { text: `The coat is ${text}` },
    annotations: [
      said('ann', i % 2 ? 'bad' : 'good'),
      ...(i === 1 ? [said('bob', 'good')] : [])
    ]
  }));
  const stored = await request.put(`api/contents/${name}.json`, {
    data: { type: 'file', format: 'text', content: JSON.stringify(tasks) }
  });
  expect(stored.ok(), await stored.text()).toBe(true);
  await makeProject(request, {
    name,
    dataset: { kind: 'table', path: `${name}.json` },
    display: { kind: 'text', column: 'text' },
    features: { kind: 'text', column: 'text' },
    classes
  });
}
