import type { Instant } from '#base/time.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Traffic } from './rules/known.ts';
import { domainOf } from './rules/our-addresses.ts';

/** Correspondents whose mails are counted; who wrote longest ago is forgotten first. */
const MOST_CORRESPONDENTS = 50_000;
/** Instants kept of one correspondent, and of the work of one mailbox: more than any limit that makes sense. */
const MOST_OF_ONE = 10_000;
const MOST_OF_MAILBOX = 100_000;
const MOST_ANSWERED = 100_000;
/** Of one domain: more than any limit. */
const MOST_ANSWERED_OF_DOMAIN = 20;

/** One mail that came in, as it counts. */
export interface Counted {
  readonly mailbox: MailboxId;
  /** In lower case. */
  readonly correspondent: string;
  readonly at: Instant;
  readonly openedWork: boolean;
}

/** Work that is held back. */
export interface Storm {
  readonly since: Instant;
  readonly held: number;
}

/**
 * How much has come in lately, by when it was received: a backlog that is fetched in a minute is no storm.
 * Kept in memory, and read from the tables at a start.
 */
export class MailTraffic {
  /** Instants in ascending order, by mailbox and correspondent; who wrote longest ago first. */
  readonly #mails = new Map<string, Instant[]>();
  readonly #opened = new Map<MailboxId, Instant[]>();
  readonly #answered = new Map<string, Instant>();
  /** Instants in ascending order, by mailbox and domain; who was answered longest ago first. */
  readonly #answeredDomains = new Map<string, Instant[]>();
  readonly #storms = new Map<MailboxId, Storm>();

  count({ mailbox, correspondent, at, openedWork }: Counted): void {
    const key = keyOf(mailbox, correspondent);
    const mails = this.#mails.get(key) ?? [];
    this.#mails.delete(key);
    this.#mails.set(key, mails);
    insert(mails, at, MOST_OF_ONE);
    forgetFirst(this.#mails, MOST_CORRESPONDENTS);
    if (!openedWork) return;
    const opened = this.#opened.get(mailbox) ?? [];
    this.#opened.set(mailbox, opened);
    insert(opened, at, MOST_OF_MAILBOX);
  }

  /** It was not filed after all. */
  uncount({ mailbox, correspondent, at, openedWork }: Counted): void {
    remove(this.#mails.get(keyOf(mailbox, correspondent)), at);
    if (openedWork) remove(this.#opened.get(mailbox), at);
  }

  /** Something is to be sent automatically to the correspondent: it counts from when that is decided. */
  answered(mailbox: MailboxId, correspondent: string, at: Instant): void {
    const key = keyOf(mailbox, correspondent);
    this.#answered.delete(key);
    this.#answered.set(key, at);
    forgetFirst(this.#answered, MOST_ANSWERED);
    const domain = keyOf(mailbox, domainOf(correspondent));
    const instants = this.#answeredDomains.get(domain) ?? [];
    this.#answeredDomains.delete(domain);
    this.#answeredDomains.set(domain, instants);
    insert(instants, at, MOST_ANSWERED_OF_DOMAIN);
    forgetFirst(this.#answeredDomains, MOST_ANSWERED);
  }

  /** It is not sent after all. */
  unanswered(mailbox: MailboxId, correspondent: string, at: Instant): void {
    const key = keyOf(mailbox, correspondent);
    if (this.#answered.get(key) === at) this.#answered.delete(key);
    remove(this.#answeredDomains.get(keyOf(mailbox, domainOf(correspondent))), at);
  }

  /** What was held back of a mailbox, or nothing any more. */
  storm(mailbox: MailboxId, storm: Storm | undefined): void {
    if (storm) this.#storms.set(mailbox, storm);
    else this.#storms.delete(mailbox);
  }

  stormOf(mailbox: MailboxId): Storm | undefined {
    return this.#storms.get(mailbox);
  }

  /** What counts for a mail received at `at`. */
  before(
    { mailbox, correspondent, at }: Omit<Counted, 'openedWork'>,
    { perCorrespondent, storm }: Mailbox['loops'],
  ): Traffic {
    const key = keyOf(mailbox, correspondent);
    return {
      fromCorrespondent: within(this.#mails.get(key), at - perCorrespondent.within, at),
      opened: within(this.#opened.get(mailbox), at - storm.within, at),
      storm: this.#storms.has(mailbox),
      answeredAt: this.#answered.get(key),
      answeredDomainAt: this.#answeredDomains.get(keyOf(mailbox, domainOf(correspondent))) ?? [],
    };
  }
}

const keyOf = (mailbox: MailboxId, correspondent: string): string => `${mailbox} ${correspondent}`;

function insert(instants: Instant[], at: Instant, most: number): void {
  if ((instants.at(-1) ?? 0) <= at) instants.push(at);
  else instants.splice(placeOf(instants, at), 0, at);
  if (instants.length > most) instants.shift();
}

function remove(instants: Instant[] | undefined, at: Instant): void {
  const place = instants ? placeOf(instants, at) - 1 : -1;
  if (instants?.[place] === at) instants.splice(place, 1);
}

/** How many are later than `from`, up to `to`. */
const within = (instants: readonly Instant[] | undefined, from: Instant, to: Instant): number =>
  instants ? placeOf(instants, to) - placeOf(instants, from) : 0;

/** Behind all that are not later. */
function placeOf(instants: readonly Instant[], at: Instant): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function forgetFirst<K>(map: Map<K, unknown>, most: number): void {
  if (map.size <= most) return;
  const [first] = map.keys();
  if (first !== undefined) map.delete(first);
}
