/**
 * What of a conversation stands open before its reader, and how far they have seen it. Pure: a fold over
 * what comes and what they open.
 */
import type { Email } from '#domain/email/email.ts';
import type { AgentId, EmailId } from '#domain/ids.ts';

export interface Reading {
  /** The newest e-mail that has been laid before the reader; 0 before the first. */
  readonly upTo: number;
  readonly open: ReadonlySet<EmailId>;
  /** What came while they were writing and they have not opened, each with its number. */
  readonly unseen: ReadonlyMap<EmailId, number>;
}

/** The conversation as its reader has it before them now. */
export interface Desk {
  /** By rising number. */
  readonly emails: readonly Email[];
  /** The last there is: until it is here, nothing counts as having come. */
  readonly lastNumber: number;
  /** How far it had been read before. */
  readonly readNumber: number;
  readonly reader?: AgentId | undefined;
  readonly isWriting?: boolean | undefined;
}

export const UNREAD: Reading = { upTo: 0, open: new Set(), unseen: new Map() };

/**
 * Takes in what has come: at first what is new stands open and what a person wrote last, then everything that people
 * write. What comes while the reader writes stays closed, and unseen, so that their answer does not pass it by.
 */
export function nextReading(before: Reading, desk: Desk): Reading {
  const { emails, lastNumber, readNumber, reader, isWriting = false } = desk;
  const newest = emails.at(-1)?.number ?? 0;
  const now = isWriting ? before : lookedAt(before);
  if (newest < lastNumber || newest <= now.upTo) return now;
  if (now.upTo === 0) return { ...now, upTo: newest, open: openAtFirst(emails, readNumber) };
  const open = new Set(now.open);
  const unseen = new Map(now.unseen);
  for (const email of emails) {
    if (email.number <= now.upTo || isAutomatic(email)) continue;
    const isTheirs = email.direction === 'out' && email.agent === reader;
    if (isWriting && !isTheirs) unseen.set(email.id, email.number);
    else open.add(email.id);
  }
  return { upTo: newest, open, unseen };
}

/** Opens an e-mail, which has been seen then, or closes it. */
export function toggled(before: Reading, id: EmailId): Reading {
  const open = new Set(before.open);
  const unseen = new Map(before.unseen);
  if (!open.delete(id)) open.add(id);
  unseen.delete(id);
  return { ...before, open, unseen };
}

/** Opens everything that has not been seen. */
export function lookedAt(before: Reading): Reading {
  if (before.unseen.size === 0) return before;
  return { ...before, open: new Set([...before.open, ...before.unseen.keys()]), unseen: new Map() };
}

/** The number up to which the reader has seen everything. */
export const seenNumber = ({ upTo, unseen }: Reading): number =>
  Math.min(upTo, ...[...unseen.values()].map((number) => number - 1));

/** What is new to the reader, the customer's newest e-mail, and the last one that a person wrote. */
function openAtFirst(emails: readonly Email[], readNumber: number): ReadonlySet<EmailId> {
  const always = new Set([
    emails.findLast((email) => !isAutomatic(email)) ?? emails.at(-1),
    emails.findLast((email) => email.direction === 'in' && !isAutomatic(email)),
  ]);
  return new Set(
    emails
      .filter(
        (email) => always.has(email) || (email.direction === 'in' && email.number > readNumber),
      )
      .map(({ id }) => id),
  );
}

/** Nobody wrote it: an answer of a machine, theirs or ours. */
const isAutomatic = ({ direction, nature, agent }: Email): boolean =>
  direction === 'out' ? agent === undefined : nature === 'auto-reply';
