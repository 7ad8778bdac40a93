import { expect, test } from 'vitest';
import { Changes } from './changes.ts';
import type { Application } from './contract.ts';

const application = (instance: string, state: Application['state']): Application => ({
  component: 'media-director',
  instance,
  version: '1',
  addresses: [],
  parts: [],
  since: 0,
  renewedAt: 0,
  state,
});

test('Changes tells what is known, then of each application the newest only', async () => {
  const changes = new Changes();
  const controller = new AbortController();
  const stream = changes.follow([application('a', 'good')], controller.signal);
  expect((await stream.next()).value).toMatchObject({ instance: 'a', state: 'good' });
  for (const state of ['bad', 'degraded', 'gone'] as const) changes.tell(application('a', state));
  changes.tell(application('b', 'good'));
  expect((await stream.next()).value).toMatchObject({ instance: 'a', state: 'gone' });
  expect((await stream.next()).value).toMatchObject({ instance: 'b', state: 'good' });
  const next = stream.next();
  controller.abort();
  expect((await next).done).toBe(true);
});
