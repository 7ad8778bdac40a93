import type { Clock } from '#base/time.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import { Feed, type Numbered } from '#platform/feed/feed.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { type Changes, type Shelves, keyOf } from './rules/plan.ts';
import type { Storage, Writes } from './storage.ts';

/** Enough to catch up with an import in one read. */
const PAGE = 1_000;

/**
 * The documents, held in memory to decide on and stored before anybody hears of a change. What another
 * process writes is taken in as well: the table numbers the changes, not this copy of it.
 */
export class Documents implements AsyncDisposable {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #configuration = new Configuration();
  readonly #feed: Feed<StoredDocument>;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #listening: AsyncDisposable | undefined;

  private constructor(storage: Storage, clock: Clock, stored: readonly StoredDocument[]) {
    this.#storage = storage;
    this.#clock = clock;
    this.#apply(stored);
    this.#feed = new Feed((since, limit) => this.#read(since, limit), this.revision);
  }

  static async open(storage: Storage, clock: Clock, trace: Trace): Promise<Documents> {
    const documents = new Documents(storage, clock, await storage.documents());
    documents.#listening = await storage.onWritten(() => {
      documents.#catchUp().catch((error: unknown) => {
        trace.warning('configuration.not-read', {}, error); // heard again when the database is back
      });
    });
    return documents;
  }

  /** The newest change taken in. */
  get revision(): number {
    return this.#configuration.revision;
  }

  get shelves(): Shelves {
    return { documents: this.#documents, configuration: this.#configuration };
  }

  list(kind: DocumentKind | undefined, retired: boolean): StoredDocument[] {
    return [...this.#documents.values()].filter(
      (document) =>
        (kind === undefined || document.kind === kind) && (retired || !document.retired),
    );
  }

  get(kind: DocumentKind, id: string): StoredDocument | undefined {
    return this.#documents.get(keyOf(kind, id));
  }

  /**
   * Decides on what is stored now and stores what was decided: one after the other, all or nothing.
   *
   * @param decide May run again when another process has written meanwhile.
   * @param also What becomes durable together with the changes.
   * @returns What was decided; after `changes` they are stored and taken in.
   */
  change<Other extends { readonly type: string }>(
    by: string,
    decide: (shelves: Shelves) => Changes | Other,
    also?: (writes: Writes) => Promise<void>,
  ): Promise<Changes | Other> {
    const turn = this.#lastTurn.then(() => this.#change(by, decide, also));
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /** Every change behind `since`; from 0 first all documents as they stand. Without `since`: from now on. */
  follow(since: number | undefined, signal: AbortSignal): AsyncIterable<Numbered<StoredDocument>> {
    return this.#feed.follow(since ?? this.#feed.newest, signal);
  }

  async #change<Other extends { readonly type: string }>(
    by: string,
    decide: (shelves: Shelves) => Changes | Other,
    also?: (writes: Writes) => Promise<void>,
  ): Promise<Changes | Other> {
    for (;;) {
      await this.#catchUp();
      const plan = decide(this.shelves);
      if (!isChanges(plan) || (plan.drafts.length === 0 && !also)) return plan;
      const isWritten = await this.#write(by, plan, also);
      if (!isWritten) continue; // another process was first
      await this.#catchUp();
      return plan;
    }
  }

  #write(by: string, plan: Changes, also?: (writes: Writes) => Promise<void>): Promise<boolean> {
    const { revision } = this;
    const at = this.#clock.now();
    return this.#storage.write(async (writes) => {
      if ((await writes.newestRevision()) !== revision) return false;
      for (const [index, draft] of plan.drafts.entries()) {
        const before = this.get(draft.kind, draft.id)?.body ?? null;
        const document = { ...draft, revision: revision + 1 + index };
        await writes.addRevision({ document, before, at, by });
      }
      await also?.(writes);
      return true;
    });
  }

  /** Takes in and tells of what the table holds: the same for our own changes and another's. */
  async #catchUp(): Promise<void> {
    for (;;) {
      const news = await this.#storage.revisions(this.revision, PAGE);
      this.#apply(news.filter((document) => document.revision > this.revision));
      this.#feed.announce(this.revision);
      if (news.length < PAGE) return;
    }
  }

  #apply(documents: readonly StoredDocument[]): void {
    for (const document of documents) {
      this.#documents.set(keyOf(document.kind, document.id), document);
      this.#configuration.apply(document);
    }
  }

  async #read(since: number, limit: number): Promise<Numbered<StoredDocument>[]> {
    const documents =
      since === 0
        ? [...this.#documents.values()].toSorted((one, other) => one.revision - other.revision)
        : await this.#storage.revisions(since, limit);
    return documents.map((change) => ({ number: change.revision, change }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.[Symbol.asyncDispose]();
    await this.#lastTurn;
  }
}

const isChanges = (plan: { readonly type: string }): plan is Changes => plan.type === 'changes';
