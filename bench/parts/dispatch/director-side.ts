import { newId } from '#base/id.ts';
import { systemClock } from '#base/time.ts';
import { AgentId, QueueId, WorkItemId, ConversationId, InteractionId } from '#domain/ids.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import { prepareLeases } from '#platform/database/lease.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { mediaDirectorSettings } from '#servers/media-director/config.ts';
import { implementMediaDirector } from '#servers/media-director/implementation.ts';
import { Insight } from '#servers/media-director/insight/insight.ts';
import { Promises } from '#servers/media-director/promises.ts';
import { SCHEMA } from '#servers/media-director/tables.ts';
import { openTenure } from '#servers/media-director/tenure.ts';
import { PAYLOAD, Waiters } from './side.ts';
import type { Side } from './side.ts';

/** More than there are producers: nobody waits for an agent, as on the other sides nobody waits for a worker. */
const AGENTS = 300;

const NO_LIMIT = new AbortController().signal;
const CALL = { role: 'desktop-server', signal: NO_LIMIT } as const;
const policy = { restAfterReturn: 5_000, vanishedWorkReturns: 60_000, vanishedLogOut: 60_000 };
const silent = { debug() {}, info() {}, warning() {}, fault: console.error };

/** @see openDirectorSide */
export interface DirectorSide extends Side {
  /** Hands one over alone; what a submission, an acceptance and a closing wrote. */
  stepsOfOne(): Promise<DirectorEvent[][]>;
}

/**
 * The media director with its ledger: a store submits, the offer is heard from the journal, its agent
 * accepts and closes, each with an acknowledgement of its own.
 */
export async function openDirectorSide(database: Database): Promise<DirectorSide> {
  await using life = new AsyncDisposableStack();
  const migrations = new URL('../../../src/servers/media-director/migrations/', import.meta.url);
  await database.migrate(SCHEMA, migrations);
  await prepareJournal(database, SCHEMA);
  await prepareLeases(database);
  const agents = Array.from({ length: AGENTS }, (_, n) => AgentId.parse(`agent-${n}`));
  const ending = new AbortController();
  let written: DirectorEvent[][] | undefined;
  const tenure = life.use(
    await openTenure(
      {
        database,
        clock: systemClock,
        trace: silent,
        instance: newId(),
        home: 'bench',
        standsBy: () => undefined,
        doubted: () => undefined,
        policy,
        checkpointAfter: mediaDirectorSettings['checkpoint-after'].default,
        documents: () => documents(agents),
        violated: (violations) => console.error(violations),
        stepped: (events) => void written?.push([...events]),
      },
      ending.signal,
    ),
  );
  const { director, ledger } = tenure;
  const promises = life.use(
    new Promises({
      clock: systemClock,
      director: () => director,
      broken: console.error,
      changed: () => undefined,
      failed: console.error,
    }),
  );
  const { methods } = implementMediaDirector({
    clock: systemClock,
    current: async () => tenure,
    seats: { take: async () => [] },
    insight: new Insight(() => Promise.reject(new Error('Nobody asks'))),
    standing: () => promises.standing(),
  });
  for (const agent of agents) {
    await methods.logIn({ agent, station: `station-${agent}` }, CALL);
    await methods.setReadiness({ agent, readiness: { state: 'ready' } }, CALL);
  }
  const here = setInterval(() => void director.present(agents), 5_000);
  life.defer(() => clearInterval(here));
  life.defer(() => ending.abort());
  const offers = new Waiters<{ agent: AgentId; offer: number }>();
  void (async () => {
    for await (const { body } of ledger.follow(ledger.position, ending.signal)) {
      if (body.type === 'work-item-offered') offers.tell(body.item, body);
    }
  })();
  const queue = QueueId.parse(PAYLOAD.queue);
  const conversation = ConversationId.parse(PAYLOAD.conversation);
  const interaction = InteractionId.parse(PAYLOAD.interaction);
  const handOver = async (): Promise<void> => {
    const id = WorkItemId.parse(newId());
    const offered = offers.wait(id);
    const item = { ...PAYLOAD, id, queue, conversation, interaction, enteredAt: Date.now() };
    await methods.submit({ item }, CALL);
    const { agent, offer } = await offered;
    await methods.accept({ item: id, agent, offer }, CALL);
    await methods.close({ item: id, agent }, CALL);
  };
  const parts = life.move();
  return {
    name: 'media-director',
    settings: `as shipped; ${AGENTS} agents who can have one each`,
    handOver,
    async stepsOfOne() {
      const steps: DirectorEvent[][] = [];
      written = steps;
      await handOver();
      written = undefined;
      return steps;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function documents(agents: readonly AgentId[]): StoredDocument[] {
  const bodies = [
    ['queue', 'sales', { name: 'Sales' }],
    ...agents.map(
      (agent) =>
        [
          'agent',
          agent,
          { name: agent, login: agent, roles: ['agent'], capacity: { 'web-chat': 1 } },
        ] as const,
    ),
  ] as const;
  return bodies.map(([kind, id, body], at) => ({
    kind,
    id,
    body,
    revision: at + 1,
    retired: false,
  }));
}
