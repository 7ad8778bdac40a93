import { expect, test } from 'vitest';
import { systemClock } from '#base/time.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { FeedRequest } from '#platform/lines/lines.ts';
import { Documents } from './documents.ts';
import { configurationLineFeed } from './line-feed.ts';
import { planPut } from './rules/plan-put.ts';
import { openTables } from './tables.ts';

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

const request = (more: Partial<FeedRequest>): FeedRequest => ({
  role: 'desktop-server',
  stream: 'configuration',
  since: 0,
  filter: undefined,
  acknowledged: () => undefined,
  ...more,
});

test('configurationLineFeed() tells documents by revision, of the kinds that were asked for', async () => {
  await using database = await testDatabase();
  await using documents = await Documents.open(await openTables(database), systemClock, silent);
  const feed = configurationLineFeed(documents);
  for (const kind of ['skill', 'code', 'skill'] as const) {
    const id = `${kind}-${documents.revision}`;
    const body = kind === 'code' ? { name: id, use: 'work' } : { name: id };
    await documents.change('agent-1', (shelves) => planPut(shelves, { kind, id, body }));
  }
  const told: [number, unknown][] = [];
  const end = new AbortController();
  const filter = { kinds: ['skill'] };
  for await (const { n, event } of feed.follow(request({ filter }), end.signal)) {
    told.push([n, event]);
    if (told.length === 2) end.abort();
  }
  expect(told).toEqual([
    [1, expect.objectContaining({ kind: 'skill', id: 'skill-0', revision: 1 })],
    [3, expect.objectContaining({ kind: 'skill', id: 'skill-2', revision: 3 })],
  ]);
  for (const wrong of [{ stream: 'contacts' }, { filter: { kinds: ['colour'] } }]) {
    const events = feed.follow(request(wrong), end.signal)[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({ name: 'Refusal' });
  }
});
