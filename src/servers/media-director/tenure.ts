import { hostname } from 'node:os';
import type { Clock } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import { acquireLease } from '#platform/database/lease.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { Checkpoints } from './checkpoints.ts';
import { Director } from './director.ts';
import { JournalLedger } from './journal-ledger.ts';
import type { Ledger } from './ledger.ts';
import { Anchors } from './insight/anchors.ts';
import { findAnchor, writeAnchor } from './insight/tables.ts';
import { recover } from './recover.ts';
import { DirectorState, type Policy } from './rules/director-state.ts';
import type { Violation } from './rules/invariants.ts';
import { readCheckpoint, readNewestEnded, SCHEMA, writeCheckpoint } from './tables.ts';

/** The stream's name, in the journal and on port 29081. */
export const STREAM = 'media-director';

/** Where the journal stands. */
export const JOURNAL = { schema: SCHEMA, stream: STREAM } as const;

export interface TenureOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly trace: Trace;
  /** This run of the component. */
  readonly instance: string;
  /** The data directory, on which this component runs but once. */
  readonly directory: string;
  readonly policy: Policy;
  /** After so many events the tables are brought up to date. */
  readonly checkpointAfter: number;
  /** The configuration as it is known when the tenure begins. */
  readonly documents: () => Iterable<StoredDocument>;
  readonly violated: (violations: readonly Violation[]) => void;
  readonly stepped: (events: readonly DirectorEvent[]) => void;
}

/** One reign: from reading what is durable until the state is void, the lease is lost, or the end. */
export interface Tenure extends AsyncDisposable {
  readonly director: Director;
  readonly ledger: Ledger;
  /** Resolves with the reason when another tenure must follow. */
  readonly over: Promise<unknown>;
}

/** Waits for the lease, reads what is durable, and begins to decide. @throws The signal's reason. */
export async function openTenure(options: TenureOptions, signal: AbortSignal): Promise<Tenure> {
  const { database, clock, trace, instance, directory } = options;
  await using life = new AsyncDisposableStack();
  const began = clock.monotonic();
  const home = `${hostname()}:${directory}`;
  const lease = life.use(
    await acquireLease(database, { name: STREAM, owner: instance, home, clock, signal }),
  );
  const journal = life.use(
    await openJournal<never, DirectorEvent>(database, {
      schema: SCHEMA,
      stream: STREAM,
      write: async () => {},
      fence: lease.fence,
    }),
  );
  const ledger = new JournalLedger(database, journal, lease, await readNewestEnded(database));

  const start = await readCheckpoint(database);
  const state = new DirectorState(options.policy, start);
  let director: Director | undefined;
  const checkpoints = life.use(
    new Checkpoints(
      {
        clock,
        state,
        settled: async () => director?.settled(), // what is read from the journal is durable
        write: (checkpoint) => writeCheckpoint(database, checkpoint),
        forgot: (item) => ledger.forgot(item),
        failed: (error) => trace.warning('checkpoint.failed', {}, error),
        eventsBetween: options.checkpointAfter,
      },
      start.position,
    ),
  );
  const anchors = life.use(
    new Anchors(
      {
        state,
        settled: async () => director?.settled(),
        write: (position, parts) => writeAnchor(database, position, parts),
        failed: (error) => trace.warning('anchor.failed', {}, error),
      },
      await findAnchor(database, ledger.position),
    ),
  );
  await recover(state, ledger, (event, touched) => checkpoints.note([event], touched));
  state.configure(options.documents());
  anchors.note();

  director = life.use(
    new Director({
      clock,
      state,
      ledger,
      violated: options.violated,
      stepped: (events, touched) => {
        checkpoints.note(events, touched);
        anchors.note();
        options.stepped(events);
      },
    }),
  );
  const lost = new Promise((resolve) => {
    lease.lost.addEventListener('abort', () => resolve(lease.lost.reason), { once: true });
  });
  const over = Promise.race([director.failed, lost]);
  trace.info('director.began', {
    position: state.position,
    replayed: state.position - start.position,
    open: state.centre.items.size,
    agents: state.centre.agents.size,
    milliseconds: clock.monotonic() - began,
  });
  director.begin();
  const rest = life.move();
  return { director, ledger, over, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}
