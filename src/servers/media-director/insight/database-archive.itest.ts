import { expect, test } from 'vitest';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { systemClock } from '#base/time.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { prove } from '../replay/prove.ts';
import { DirectorState } from '../rules/director-state.ts';
import { JOURNAL, SCHEMA } from '../tables.ts';
import {
  agentId,
  codeId,
  documents,
  newItemId,
  POLICY,
  queueId,
  RuleCentre,
} from '../testing/centre.ts';
import { packAnchor } from './anchor-parts.ts';
import { anchorOf } from './anchors.ts';
import { DatabaseArchive } from './database-archive.ts';
import { ExplainingThread } from './explaining-thread.ts';
import { explainItem } from './explain.ts';
import { History } from './history.ts';
import { MemoryArchive } from './memory-archive.ts';
import { PastState } from './past-state.ts';
import { findAnchor, forgetAnchors, thinAnchors, writeAnchor, writeHistory } from './tables.ts';

const CENTRE = {
  organisation: { main: {} },
  agent: {
    'agent-1': { capacity: { 'web-chat': 3 }, skills: { french: 8 } },
    'agent-2': { capacity: { 'web-chat': 1 } },
  },
  queue: { sales: {}, french: { serves: { type: 'skilled', skills: { french: 5 } } } },
  code: { lunch: { use: 'not-ready' } },
};
const LATER = { queue: { sales: { agentOrder: 'round-robin' } } };
const { signal } = new AbortController();

class BrokenArchive extends DatabaseArchive {
  override head(): Promise<number> {
    return Promise.reject(new Error('The database is gone'));
  }
}

/** A centre in which some work was offered, before and after a change of its configuration. */
function lived(): {
  centre: RuleCentre;
  heard: StoredDocument[];
  anchor: ReturnType<typeof anchorOf>;
} {
  const centre = new RuleCentre(CENTRE, Date.UTC(2026, 0, 31, 12));
  const heard = documents(CENTRE);
  centre.run('configurationChanged', {});
  centre.ready('agent-1', 'agent-2');
  const items = [centre.submit(), centre.submit({ queue: queueId('french') }), centre.submit()];
  for (const id of items.slice(0, 2)) centre.accept(id);
  const anchor = anchorOf(centre.state);
  heard.push(...documents(LATER, centre.state.configuration.revision + 1));
  centre.configure(LATER);
  for (const id of items.slice(0, 2)) centre.close(id);
  centre.run('setReadiness', {
    agent: agentId('agent-2'),
    readiness: { state: 'not-ready', reason: codeId('lunch') },
  });
  for (let n = 0; n < 20; n++) centre.submit();
  return { centre, heard, anchor };
}

async function kept() {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  await database.migrate(SCHEMA, new URL('../migrations/', import.meta.url));
  await prepareJournal(database, SCHEMA);
  const { centre, heard, anchor } = lived();
  const journal = life.use(
    await openJournal<never, DirectorEvent>(database, { ...JOURNAL, write: async () => {} }),
  );
  const events = centre.journal.map(({ at, body }) => ({ at, body }));
  await journal.append({ changes: [], events });
  await writeHistory(database, heard);
  const history = new History(new DatabaseArchive(database));
  const rest = life.move();
  return {
    database,
    centre,
    heard,
    anchor,
    history,
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

test('What is explained from the database is what is explained from memory, with anchors and without', async () => {
  await using past = await kept();
  const { centre, heard, history, database, anchor } = past;
  const parts = { policy: POLICY, now: centre.now, signal };
  const ids = new Set(
    centre.journal.flatMap(({ body }) => (body.type === 'work-item-entered' ? [body.item] : [])),
  );
  const explain = (from: History) =>
    Promise.all([...ids].map((item) => explainItem({ item }, { ...parts, history: from })));
  const wanted = await explain(new History(new MemoryArchive(centre.journal, heard)));
  expect(await explain(history)).toEqual(wanted);

  await writeAnchor(database, anchor.position, await packAnchor(anchor));
  expect(await findAnchor(database, anchor.position - 1)).toBeUndefined();
  expect(await history.anchorAt(anchor.position + 3, signal)).toEqual(
    JSON.parse(JSON.stringify(anchor)),
  );
  expect(await explain(history)).toEqual(wanted);
  const { state } = await PastState.at(await history.head(), { history, policy: POLICY, signal });
  expect(new DirectorState(POLICY, anchorOf(state)).centre.snapshot()).toEqual(
    JSON.parse(JSON.stringify(centre.state.centre.snapshot())),
  );
  expect(await explainItem({ item: newItemId() }, { ...parts, history })).toBe('unknown-item');

  await forgetAnchors(database, Date.now() + 60_000);
  expect(await findAnchor(database, anchor.position)).toBeUndefined();
});

test('Anchors take up so much at most: the older they are the fewer are left, and never none', async () => {
  await using past = await kept();
  const { database } = past;
  const part = (n: number) => ({ part: n, content: Buffer.alloc(500) });
  for (let n = 1; n <= 16; n++) await writeAnchor(database, n * 1_000, [part(0), part(1)]);
  const left = async () =>
    (
      await database.query<{ position: number }>({
        text: 'select distinct position from media_director.anchors order by position',
        values: [],
      })
    ).map(({ position }) => position / 1_000);
  await thinAnchors(database, 16_000);
  expect(await left()).toHaveLength(16);
  await thinAnchors(database, 10_500);
  expect(await left()).toEqual([4, 8, 10, 11, 12, 13, 14, 15, 16]);
  await thinAnchors(database, 10);
  expect(await left()).toEqual([16]);
});

test('A thread of its own explains the same; who hangs up is not waited for, and a question after its end starts it again', async () => {
  await using past = await kept();
  const { centre, heard, database } = past;
  const now = centre.now;
  const archive = new DatabaseArchive(database);
  const clock = { ...systemClock, now: () => now };
  await using thread = new ExplainingThread({ archive, policy: POLICY, clock });
  const [item] = centre.journal.flatMap(({ body }) =>
    body.type === 'work-item-entered' ? [body.item] : [],
  );
  if (!item) throw new Error('Nothing came in');
  const wanted = await explainItem(
    { item },
    { history: new History(new MemoryArchive(centre.journal, heard)), policy: POLICY, now, signal },
  );
  expect(await thread.explain({ item }, signal)).toEqual(wanted);
  expect(await thread.explain({ item: newItemId() }, signal)).toBe('unknown-item');

  const hangUp = new AbortController();
  const unwanted = thread.explain({ item }, hangUp.signal);
  hangUp.abort(new Error('Nobody listens'));
  await expect(unwanted).rejects.toThrow('Nobody listens');
  const lost = thread.explain({ item }, signal);
  const ended = thread[Symbol.asyncDispose]();
  await expect(lost).rejects.toThrow('the thread has ended');
  await ended;
  expect(await thread.explain({ item }, signal)).toEqual(wanted);

  const broken = new BrokenArchive(database);
  await using other = new ExplainingThread({ archive: broken, policy: POLICY, clock });
  await expect(other.explain({ item }, signal)).rejects.toThrow('The database is gone');
});

test('A stretch of the journal is proven from the database; positions are found by time', async () => {
  await using past = await kept();
  const { history, centre } = past;
  const until = await history.head();
  const proof = await prove({ history, policy: POLICY, since: 0, until, signal });
  expect(proof).toMatchObject({ same: proof.decisions, differences: [] });
  expect(proof.decisions).toBeGreaterThan(3);
  const times = [...centre.journal.map(({ at }) => at), 0, centre.now + 1];
  for (const at of times) {
    expect(await history.positionBefore(at)).toBe(
      centre.journal.findLastIndex((record) => record.at < at) + 1,
    );
  }
});
