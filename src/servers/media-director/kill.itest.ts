import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { type WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { wholeCentre } from '#domain/work-item/whole-centre.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { JournalPast } from '#platform/journal/past.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { IS_SOAK, SEED, randomFrom } from '../../../test/weather/random.ts';
import { mediaDirector, type Submission } from './contract.ts';
import { startMediaDirector } from './server.ts';
import { JOURNAL } from './tables.ts';
import type { Told } from './testing/director-process.ts';
import { historyFaults } from './testing/history-faults.ts';

const PROCESS = new URL('testing/director-process.ts', import.meta.url);
const KILLS = IS_SOAK ? 200 : 20;

/** How long a director works under the full load before it is killed, at most. */
const LONGEST_LIFE = 1_000;

/** Lets a director work for a while from its first closing, then kills it in the middle of the others. */
async function killAfter(url: string, life: number, again: readonly Submission[]): Promise<Told[]> {
  const child = fork(PROCESS, [url, JSON.stringify(again)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const told: Told[] = [];
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (message) => {
    const one = message as Told;
    told.push(one);
    if (one.type === 'closed') timer ??= setTimeout(() => child.kill('SIGKILL'), life);
  });
  await exited;
  return told;
}

test(
  `${KILLS} times kill -9 under 200 offers a second: nothing acknowledged is lost, one owner, no double offer, in = closed + open (EMCEE_SEED=${SEED})`,
  async () => {
    const random = randomFrom(SEED);
    await using life = new AsyncDisposableStack();
    const database = life.use(await testDatabase());
    const past = new JournalPast<DirectorRecord['body']>(database, JOURNAL);
    const records: DirectorRecord[] = [];
    const happened = new Set(['']);
    let unanswered: Submission[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const lived = await killAfter(database.url, random(LONGEST_LIFE), unanswered);
      const { signal } = new AbortController();
      for await (const record of past.read(records.length, await past.head(), signal)) {
        records.push(record);
        happened.add(keyOfEvent(record.body));
      }
      expect(lived.filter((told) => !happened.has(keyOf(told)))).toEqual([]);
      const answered = new Set(lived.flatMap((t) => (t.type === 'submitted' ? t.item : [])));
      // who got no answer submits again, and one that did, too
      const submitted = lived.flatMap((t) => (t.type === 'submitting' ? t.item : []));
      unanswered = submitted.filter((s, n) => !answered.has(s.id) || n === 0);
    }
    expect(historyFaults(records)).toEqual([]);

    const [checkpoint] = await database.query<{ position: number }>({
      text: 'select position from media_director.checkpoint',
    });
    expect(checkpoint?.position).toBeGreaterThan(0); // or recovery from one was not tested

    const centre = new TestCentre();
    life.use(await startMediaDirector(centre.platform('media-director', { database })));
    const desktop = centre.connect(mediaDirector, 'desktop-server');
    const whole = await wholeCentre((page) => desktop.call.snapshot({ page }));
    const { signal } = new AbortController();
    for await (const record of past.read(records.length, whole.position, signal)) {
      records.push(record);
    }
    const fold = new Centre();
    for (const record of records) fold.apply(record);
    expect(byId(whole.items)).toEqual(byId(JSON.parse(JSON.stringify([...fold.items.values()]))));
    const entered = records.filter((r) => r.body.type === 'work-item-entered').length;
    const ended = records.filter((r) => r.body.type === 'work-item-closed').length;
    expect(entered).toBe(ended + whole.items.length);
    await expect.poll(async () => (await desktop.call.standing({})).checkedAt).toBeGreaterThan(0);
    const { promises } = await desktop.call.standing({});
    expect(promises.flatMap(({ violations }) => violations)).toEqual([]);
    expect(centre.complaints).toEqual([]);
  },
  60_000 + KILLS * 10_000,
);

/** What must stand in the journal for an answer; '' where nothing was answered. */
function keyOf(told: Told): string {
  if (told.type === 'submitted') return `work-item-entered ${told.item}`;
  if (told.type === 'closed') return `work-item-closed ${told.item}`;
  if (told.type !== 'accepted') return '';
  return `work-item-accepted ${told.item} ${told.agent} ${told.offer}`;
}

function keyOfEvent(body: DirectorRecord['body']): string {
  if (body.type === 'work-item-accepted') {
    return `${body.type} ${body.item} ${body.agent} ${body.offer}`;
  }
  return 'item' in body ? `${body.type} ${body.item}` : '';
}

const byId = <T extends { id: WorkItemId }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
