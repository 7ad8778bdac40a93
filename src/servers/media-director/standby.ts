import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import { JournalPast } from '#platform/journal/past.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { Checkpoints } from './checkpoints.ts';
import { DirectorState, type Policy } from './rules/director-state.ts';
import { JOURNAL, readCheckpoint, readCheckpointPosition, writeCheckpoint } from './tables.ts';

export interface StandbyOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly policy: Policy;
  /** After so many events the tables are brought up to date. */
  readonly checkpointAfter: number;
  /** The configuration as it is known now, all of it. */
  readonly documents: () => Iterable<StoredDocument>;
}

/** Read in one go while waiting: some tens of milliseconds, so that the next look at the lease is not late. */
const MOST_AT_ONCE = 5_000;

/** How often it is asked how far the tables have come, so that what stands in them need not be remembered. */
const ASK_CHECKPOINT_EVERY: Milliseconds = seconds(10);

/**
 * The centre as the durable journal tells it, before one is in office and may add to it. Who waits for
 * somebody else's office keeps it up to date, so that taking over reads next to nothing.
 */
export class Standby implements AsyncDisposable {
  readonly state: DirectorState;
  readonly checkpoints: Checkpoints;
  readonly #options: StandbyOptions;
  readonly #past: JournalPast<DirectorEvent>;
  #asked: Milliseconds;

  private constructor(options: StandbyOptions, state: DirectorState) {
    const { clock, trace, database, checkpointAfter } = options;
    this.#options = options;
    this.state = state;
    this.#asked = clock.monotonic();
    this.#past = new JournalPast(database, JOURNAL);
    this.checkpoints = new Checkpoints(
      {
        clock,
        state,
        write: (checkpoint) => writeCheckpoint(database, checkpoint),
        failed: (error) => trace.warning('checkpoint.failed', {}, error),
        eventsBetween: checkpointAfter,
      },
      state.position,
    );
    this.#configure();
  }

  /** Reads the newest checkpoint. */
  static async open(options: StandbyOptions): Promise<Standby> {
    const start = await readCheckpoint(options.database);
    return new Standby(options, new DirectorState(options.policy, start));
  }

  /** Takes in what has happened and was configured since, a part of it where that is much. */
  async keepUp(signal: AbortSignal): Promise<void> {
    const { position } = this.state;
    for await (const record of this.#past.read(position, position + MOST_AT_ONCE, signal)) {
      this.#take(record);
    }
    this.#configure();
    const now = this.#options.clock.monotonic();
    if (now - this.#asked < ASK_CHECKPOINT_EVERY) return;
    this.#asked = now;
    this.checkpoints.othersTook(await readCheckpointPosition(this.#options.database));
  }

  /**
   * Takes in everything up to the end of the journal, which nobody else adds to any more.
   *
   * @throws {Error} If the journal is shorter than what is known: part of the database was replaced.
   */
  async catchUp(end: number, signal: AbortSignal): Promise<void> {
    const { state } = this;
    for (let before = -1; state.position < end && before < state.position;) {
      before = state.position;
      await this.keepUp(signal);
    }
    if (state.position !== end) {
      throw new Error(
        `Cannot begin at position ${state.position}: the journal ends at ${end}; restore a backup of the whole database`,
      );
    }
    this.#configure();
    state.takeTouched(); // by the configuration: everything is looked at when it begins
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.checkpoints[Symbol.asyncDispose]();
  }

  #take({ position, at, body }: DirectorRecord): void {
    const { state } = this;
    if (position !== state.position + 1) {
      throw new Error(`Cannot go on at ${state.position}: the journal goes on at ${position}`);
    }
    state.takeTouched();
    state.apply(at, body);
    this.checkpoints.note([body], state.takeTouched());
  }

  #configure(): void {
    const { state } = this;
    const { revision } = state.configuration;
    const news = [...this.#options.documents()].filter((each) => each.revision > revision);
    if (news.length > 0) state.configure(news);
  }
}
