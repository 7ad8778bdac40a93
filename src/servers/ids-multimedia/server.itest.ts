import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock, minutes, seconds } from '#base/time.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import type { LineListener } from '#platform/lines/lines.ts';
import type { Platform } from '#platform/platform.ts';
import { randomJournal } from '../../../test/doubles/random-journal.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { idsMultimedia } from './contract.ts';
import { startIdsMultimedia } from './server.ts';

const START = Date.UTC(2026, 5, 1, 9);
const DIRECTOR = { role: 'media-director', stream: 'media-director' };

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

const journal = (() => {
  let state = 77;
  const pick = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  return randomJournal(pick, 400, START).map((event) => ({ n: event.position, event }));
})();

async function start() {
  const clock = new ManualClock((journal.at(-1)?.event.at ?? START) + minutes(1));
  const centre = new TestCentre();
  const door: { listener?: LineListener; opened: number } = { opened: 0 };
  const inner = centre.platform('ids-multimedia', { database, clock });
  const lines: Platform['doors']['lines'] = async (_row, handler) => {
    if ('open' in handler) door.listener = handler;
    door.opened += 1;
    return { [Symbol.asyncDispose]: async () => void delete door.listener };
  };
  const platform = { ...inner, doors: { ...inner.doors, lines } };
  const running = await startIdsMultimedia(platform);
  const dial = async (hello: { role: string; stream: string } = DIRECTOR) => {
    if (!door.listener) throw new Error('The door is closed');
    return door.listener.open(hello);
  };
  return { centre, clock, door, running, dial, view: centre.connect(idsMultimedia, 'ids-view') };
}

test('a journal comes in by its door, is counted, and goes on behind what is stored', async () => {
  {
    const { running, dial, view } = await start();
    await using _ = running;
    const session = await dial();
    expect(session.resume).toBe(0);
    expect(await session.take(journal.slice(0, 150))).toBe(150);
    const { streams, balance } = await view.call.positions({});
    expect(streams).toMatchObject([
      { stream: 'media-director', position: 150, connected: true },
      { stream: 'simple-messaging-media-store', position: 0, connected: false },
      { stream: 'email-media-store', position: 0, connected: false },
    ]);
    expect(balance.difference).toBe(0);
    session.closed?.();
    expect((await view.call.positions({})).streams[0]?.connected).toBe(false);
  }
  const { running, dial, view } = await start();
  await using _ = running;
  const session = await dial();
  expect(session.resume).toBe(150);
  await session.take(journal.slice(150));
  expect((await view.call.live({ since: START })).version).toBe(400);
});

test('the version is told at once and then the newest only', async () => {
  const { running, dial, view } = await start();
  await using _ = running;
  const stop = new AbortController();
  const versions = view.follow.versions({ signal: stop.signal })[Symbol.asyncIterator]();
  expect((await versions.next()).value?.event).toEqual({ version: 0 });
  const session = await dial();
  for (let at = 0; at < 400; at += 100) await session.take(journal.slice(at, at + 100));
  const told: number[] = [];
  while (told.at(-1) !== 400) told.push((await versions.next()).value?.event.version ?? 400);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  stop.abort();
});

test('rebuild() closes the door on its writers, forgets, and derives the same anew', async () => {
  const { running, dial, door, view } = await start();
  await using _ = running;
  const before = await dial();
  await before.take(journal);
  const live = await view.call.live({ since: START });
  const manager = view.call.rebuild;
  await manager({ stream: 'media-director' });
  expect(door.opened).toBe(2);
  await expect(before.take(journal.slice(-1))).rejects.toThrow('derived anew');
  const session = await dial();
  expect(session.resume).toBe(0);
  await session.take(journal);
  expect(await view.call.live({ since: START })).toEqual(live);
});

test('a component sends its own journal only', async () => {
  const { running, dial } = await start();
  await using _ = running;
  const hello = { role: 'simple-messaging-media-store', stream: 'media-director' };
  await expect(dial(hello)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(dial({ ...hello, stream: 'other' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('a writer that stays away is reported, and an event that cannot be read', async () => {
  const { running, dial, clock, centre } = await start();
  await using _ = running;
  const session = await dial();
  clock.advance(seconds(31));
  expect([...centre.health.keys()]).toEqual(['simple-messaging-media-store', 'email-media-store']);
  session.closed?.();
  clock.advance(seconds(31));
  expect(centre.health.get('media-director')).toContain('stand still');
  const back = await dial();
  expect(centre.health.has('media-director')).toBe(false);
  const bad = [{ n: 1, event: { position: 1, at: 0, body: { type: 'unheard-of' } } }];
  await expect(back.take(bad)).rejects.toMatchObject({ code: 'bad-record' });
  expect(centre.health.get('records')).toContain('rebuild');
});
