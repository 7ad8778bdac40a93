import type { DirectorEvent } from '#domain/work-item/event.ts';
import { acquireLease } from '#platform/database/lease.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import type { Milliseconds } from '#base/time.ts';
import { Director } from './director.ts';
import { JournalLedger } from './journal-ledger.ts';
import { Anchors } from './insight/anchors.ts';
import { findAnchor, writeAnchor } from './insight/tables.ts';
import type { Ledger } from './ledger.ts';
import type { Violation } from '#domain/work-item/standing.ts';
import { Standby, type StandbyOptions } from './standby.ts';
import { JOURNAL, readNewestEnded, STREAM } from './tables.ts';

/**
 * How long the office lasts without renewal. Who takes over waits for its end, then for a look at the lease
 * and for clients to find it: within five seconds of a kill work is given out again. Who holds it stops
 * half a second earlier by its own clock, and an event loop or a database that stands still for longer than
 * that is rightly doubted.
 */
const LEASE: Milliseconds = 2_500;

export interface TenureOptions extends StandbyOptions {
  /** This run of the component. */
  readonly instance: string;
  /** Where it runs, and nothing else of its kind at the same time. */
  readonly home: string;
  readonly violated: (violations: readonly Violation[]) => void;
  readonly stepped: (events: readonly DirectorEvent[]) => void;
  /** Told when another director is in office, and this one waits for it. */
  readonly standsBy: () => void;
  /** Told when another may be in office by now, and when that turned out otherwise. */
  readonly doubted: (isDoubtful: boolean) => void;
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
  const { database, clock, trace, instance, home } = options;
  await using life = new AsyncDisposableStack();
  let standby: Standby | undefined;
  const lease = life.use(
    await acquireLease(database, {
      name: STREAM,
      owner: instance,
      home,
      duration: LEASE,
      clock,
      signal,
      async meanwhile() {
        if (!standby) options.standsBy();
        standby ??= await Standby.open(options);
        await standby.keepUp(signal);
      },
    }),
  );
  life.use(lease.onDoubt(options.doubted));
  const began = clock.monotonic();
  const journal = life.use(
    await openJournal<never, DirectorEvent>(database, {
      ...JOURNAL,
      write: async () => {},
      fence: lease.fence,
    }),
  );
  const newestEnded = await readNewestEnded(database);
  const ledger = new JournalLedger(database, journal, lease, newestEnded);
  const stoodBy = standby !== undefined;
  standby ??= await Standby.open(options);
  const { state, checkpoints } = life.use(standby);
  const read = state.position;
  await standby.catchUp(ledger.position, signal);
  const anchors = life.use(
    new Anchors(
      {
        state,
        settled: () => director.settled(),
        write: (position, parts) => writeAnchor(database, position, parts),
        failed: (error) => trace.warning('anchor.failed', {}, error),
      },
      await findAnchor(database, ledger.position),
    ),
  );

  const director = life.use(
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
  anchors.note();
  checkpoints.begin({
    settled: () => director.settled(),
    forgot: (item) => ledger.forgot(item),
  });
  const lost = new Promise((resolve) => {
    lease.lost.addEventListener('abort', () => resolve(lease.lost.reason), { once: true });
  });
  const over = Promise.race([director.failed, lost]);
  trace.info('director.began', {
    epoch: lease.fence.epoch,
    stoodBy,
    position: state.position,
    replayed: state.position - read,
    open: state.centre.items.size,
    agents: state.centre.agents.size,
    milliseconds: clock.monotonic() - began,
  });
  director.begin();
  const rest = life.move();
  return { director, ledger, over, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}
