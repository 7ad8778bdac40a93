import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { hours, minutes, seconds, systemClock, type Clock, type Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { mediaDirector } from './contract.ts';
import { Director } from './director.ts';
import { implementMediaDirector } from './implementation.ts';
import { explainItem } from './insight/explain.ts';
import { Insight } from './insight/insight.ts';
import { History } from './insight/history.ts';
import { MemoryArchive } from './insight/memory-archive.ts';
import type { Ledger } from './ledger.ts';
import { Promises } from './promises.ts';
import { DirectorState, type Policy } from './rules/director-state.ts';

export interface FakeMediaDirectorOptions {
  readonly clock?: Clock;
  /** Its configuration. */
  readonly documents?: readonly StoredDocument[];
}

/** A director that forgets everything when it ends. */
export interface FakeMediaDirector extends AsyncDisposable {
  readonly implementation: Implementation<typeof mediaDirector>;
  /** Everything that happened. */
  readonly journal: readonly DirectorRecord[];
  /** Other documents are in force. */
  configure(documents: readonly StoredDocument[]): void;
}

const POLICY: Policy = {
  restAfterReturn: seconds(5),
  vanishedWorkReturns: hours(4),
  vanishedLogOut: minutes(15),
};

/** The director's own rules on a journal in memory, where everything is durable at once. */
export function fakeMediaDirector(options: FakeMediaDirectorOptions = {}): FakeMediaDirector {
  const { clock = systemClock, documents = [] } = options;
  const ledger = new MemoryLedger();
  const state = new DirectorState(POLICY);
  const heard = [...documents];
  const history = new History(new MemoryArchive(ledger.records, heard));
  state.configure(documents);
  const director = new Director({ clock, state, ledger });
  director.begin();
  const promises = new Promises({
    clock,
    director: () => director,
    broken: ({ what }) => {
      throw new Error(what);
    },
    changed: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  return {
    implementation: implementMediaDirector({
      clock,
      current: async () => ({ director, ledger }),
      seats: { take: async () => [] },
      insight: new Insight((question, signal) =>
        explainItem(question, { history, policy: POLICY, now: clock.now(), signal }),
      ),
      standing: () => promises.standing(),
    }),
    journal: ledger.records,
    configure(changed) {
      heard.push(...changed);
      director.configure(changed);
    },
    async [Symbol.asyncDispose]() {
      await promises[Symbol.asyncDispose]();
      await director[Symbol.asyncDispose]();
    },
  };
}

class MemoryLedger implements Ledger {
  readonly records: DirectorRecord[] = [];
  readonly isOurs = true;
  readonly isAway = false;
  #written = Promise.withResolvers<void>();

  get position(): number {
    return this.records.length;
  }

  async append(at: Instant, events: readonly DirectorEvent[]): Promise<number> {
    for (const event of events) {
      const body = structuredClone(event);
      this.records.push({ position: this.records.length + 1, at, body });
    }
    const { position } = this;
    this.#written.resolve();
    this.#written = Promise.withResolvers();
    return position;
  }

  async *follow(since: number, signal: AbortSignal): AsyncGenerator<DirectorRecord> {
    if (since > this.position) {
      throw new Refusal('unknown-cursor', `Cannot follow behind ${since}: it ends before`);
    }
    const ended = Promise.withResolvers<void>();
    const end = (): void => ended.resolve();
    signal.addEventListener('abort', end, { once: true });
    for (let at = since; !signal.aborted;) {
      const record = this.records[at];
      if (record) {
        at++;
        yield record;
      } else await Promise.race([this.#written.promise, ended.promise]);
    }
    signal.removeEventListener('abort', end);
  }

  async ours(): Promise<void> {}

  mayHaveEnded(): boolean {
    return false;
  }

  async endingsOf(): ReturnType<Ledger['endingsOf']> {
    return new Map(); // all of them are in memory
  }
}
