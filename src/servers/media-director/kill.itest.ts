import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { type WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { wholeCentre } from '#domain/work-item/whole-centre.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { mediaDirector, type Submission } from './contract.ts';
import { startMediaDirector } from './server.ts';
import type { Told } from './testing/director-process.ts';
import { historyFaults } from './testing/history-faults.ts';

const PROCESS = new URL('testing/director-process.ts', import.meta.url);
const KILLS = process.env['EMCEE_SOAK'] ? 200 : 20;

/** The most work items a director closes before it is killed. */
const LONGEST_LIFE = 60;

/** Lets a director work until so many work items are closed, then kills it in the middle of the others. */
async function killAfter(
  url: string,
  closings: number,
  again: readonly Submission[],
): Promise<Told[]> {
  const child = fork(PROCESS, [url, JSON.stringify(again)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const told: Told[] = [];
  let closed = 0;
  child.on('message', (message) => {
    const one = message as Told;
    told.push(one);
    if (one.type === 'closed' && ++closed === closings) child.kill('SIGKILL');
  });
  await exited;
  return told;
}

test(
  'kill -9 in the middle of everything: nothing acknowledged is lost, one owner, no double offer, in = closed + open',
  async () => {
    await using life = new AsyncDisposableStack();
    const database = life.use(await testDatabase());
    const told: Told[] = [];
    let unanswered: Submission[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const closings = 1 + ((kill * 7_919) % LONGEST_LIFE);
      const lived = await killAfter(database.url, closings, unanswered);
      told.push(...lived);
      const answered = new Set(lived.flatMap((t) => (t.type === 'submitted' ? t.item : [])));
      // who got no answer submits again, and one that did, too
      const submitted = lived.flatMap((t) => (t.type === 'submitting' ? t.item : []));
      unanswered = submitted.filter((s, n) => !answered.has(s.id) || n === 0);
    }

    const [checkpoint] = await database.query<{ position: number }>({
      text: 'select position from media_director.checkpoint',
    });
    expect(checkpoint?.position).toBeGreaterThan(0); // or recovery from one was not tested

    const centre = new TestCentre();
    life.use(await startMediaDirector(centre.platform('media-director', { database })));
    const desktop = centre.connect(mediaDirector, 'desktop-server');
    const whole = await wholeCentre((page) => desktop.call.snapshot({ page }));
    const records: DirectorRecord[] = [];
    for await (const { event } of desktop.follow.journal({ since: 0 })) {
      records.push(event);
      if (event.position === whole.position) break;
    }
    expect(historyFaults(records)).toEqual([]);

    const happened = new Set(records.map(({ body }) => keyOfEvent(body)).concat(''));
    const lost = told.filter((t) => !happened.has(keyOf(t)));
    expect(lost).toEqual([]);

    const fold = new Centre();
    for (const record of records) fold.apply(record);
    expect(byId(whole.items)).toEqual(byId(JSON.parse(JSON.stringify([...fold.items.values()]))));
    const entered = records.filter((r) => r.body.type === 'work-item-entered').length;
    const ended = records.filter((r) => r.body.type === 'work-item-closed').length;
    expect(entered).toBe(ended + whole.items.length);
    expect(centre.complaints).toEqual([]);
  },
  KILLS * 10_000,
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
