import type { Instant } from '#base/time.ts';
import type { Unfiled } from './tables/received-tables.ts';
import type { WaitingMail } from './read-mails.ts';

/** In memory at most; what is beyond waits in its table. */
const MOST = 512;
const MOST_BYTES = 16 * 1_048_576;

export interface WaitingOptions {
  /** Since when mail counts as having come lately. */
  readonly recent: () => Instant;
  /** The first in the table of those that belong here, but for these, in the same order. */
  readonly load: (recent: Instant, held: readonly string[], limit: number) => Promise<Unfiled[]>;
}

/**
 * Mail that waits to be read, in order: what came lately first, then the oldest. All of it stands in a table; here is
 * the beginning of that, and where it is new, its bytes.
 */
export class WaitingMails {
  readonly #options: WaitingOptions;
  #mails: WaitingMail[] = [];
  #bytes = 0;
  /** Those that were given out and are not done with. */
  readonly #given = new Set<string>();
  /** The table may hold some that are not here. */
  #hasMore = true;
  #isLoading = false;

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  /** Nothing waits, and nothing that was given out is under way. */
  get isEmpty(): boolean {
    const isLoaded = !this.#hasMore && !this.#isLoading;
    return isLoaded && this.#mails.length === 0 && this.#given.size === 0;
  }

  /** Takes mail on that is in the table as well. */
  add(mails: readonly WaitingMail[]): void {
    const recent = this.#options.recent();
    const last = this.#mails.at(-1);
    const known = new Set(this.#mails.map(({ mail }) => mail.id));
    for (const { mail, bytes } of mails) {
      if (this.#given.has(mail.id) || known.has(mail.id)) continue;
      // Behind the last one here there are others in the table
      if (this.#hasMore && (!last || compare(recent, mail, last.mail) > 0)) continue;
      const held = bytes && this.#bytes + bytes.length <= MOST_BYTES ? bytes : undefined;
      this.#bytes += held?.length ?? 0;
      this.#mails.push({ mail, bytes: held });
    }
    this.#order(recent);
  }

  /** The table may hold more than was seen of it. */
  lookAgain(): void {
    this.#hasMore = true;
  }

  /** Gives the first out, as many as are wanted; asks the table when there are none here. */
  async take(
    wanted: (mail: Unfiled, taken: readonly WaitingMail[]) => boolean,
  ): Promise<WaitingMail[]> {
    if (this.#mails.length === 0 && this.#hasMore) await this.#load();
    let count = 0;
    for (const { mail } of this.#mails) {
      if (!wanted(mail, this.#mails.slice(0, count))) break;
      count += 1;
    }
    const taken = this.#mails.splice(0, count);
    for (const { mail, bytes } of taken) {
      this.#given.add(mail.id);
      this.#bytes -= bytes?.length ?? 0;
    }
    return taken;
  }

  /** What was given out is done with, or stands in the table for another time. */
  done(ids: readonly string[]): void {
    for (const id of ids) this.#given.delete(id);
  }

  /** Begins anew from the table. */
  forget(): void {
    this.#mails = [];
    this.#bytes = 0;
    this.#given.clear();
    this.#hasMore = true;
  }

  async #load(): Promise<void> {
    this.#hasMore = false; // what is added from now on is seen
    this.#isLoading = true;
    try {
      const recent = this.#options.recent();
      const rows = await this.#options.load(recent, [...this.#given], MOST);
      this.add(rows.map((mail) => ({ mail })));
      if (rows.length === MOST) this.#hasMore = true;
    } finally {
      this.#isLoading = false;
    }
  }

  #order(recent: Instant): void {
    this.#mails.sort((a, b) => compare(recent, a.mail, b.mail));
    for (const { bytes } of this.#mails.splice(MOST)) {
      this.#bytes -= bytes?.length ?? 0;
      this.#hasMore = true;
    }
  }
}

/** As the table orders them. */
function compare(recent: Instant, a: Unfiled, b: Unfiled): number {
  const lately = Number(a.receivedAt < recent) - Number(b.receivedAt < recent);
  return lately || a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1);
}
