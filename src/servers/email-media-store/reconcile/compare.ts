/** "The server has N, we hold N": what is at a mailbox's server and not here, and why. */
import type { Gap, MailCheck } from '../contract/mailboxes.ts';
import { cursorAt } from '../mail-source.ts';
import type { MailCursor, MailSource } from '../mail-source.ts';
import type { Origin, ReceivedTables } from '../tables/received-tables.ts';

export type Comparison = Omit<MailCheck, 'mailbox' | 'at' | 'brought' | 'unfiled'>;

/** Gaps that are told of; all are counted. */
const MOST_GAPS = 1_000;

/** Keys that are looked up in one statement. */
const LOOKED_UP = 5_000;

export interface CompareParts {
  readonly origin: Origin;
  readonly tables: ReceivedTables;
  /** What is larger is not fetched. */
  readonly largest: number;
  /** What the server could not give. */
  readonly failed: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** @throws {MailFailure} */
export async function compare(source: MailSource, parts: CompareParts): Promise<Comparison> {
  const { origin, tables, signal } = parts;
  const { keys } = await source.list(signal);
  const missing: string[] = [];
  for (let at = 0; at < keys.length; at += LOOKED_UP) {
    const some = keys.slice(at, at + LOOKED_UP);
    const known = await tables.known(origin, some);
    missing.push(...some.filter((key) => !known.has(key)));
  }
  const { cursor } = await tables.cursor(origin);
  const gaps: Gap[] = [];
  const told = missing.slice(0, MOST_GAPS);
  let gone = 0;
  for await (const found of told.length > 0 ? source.fetch(told, signal) : []) {
    const { key } = found;
    if (found.type === 'gone') gone += 1;
    else if (found.type === 'unreadable') gaps.push({ key, reason: 'failed' });
    else {
      const { receivedAt, size } = found;
      const reason = reasonOf(found, parts, cursor);
      gaps.push({ key, size, reason, ...(receivedAt === undefined ? {} : { receivedAt }) });
    }
  }
  const server = keys.length - gone;
  return { server, held: keys.length - missing.length, gaps, gapsInAll: missing.length - gone };
}

function reasonOf(
  { key, size }: { readonly key: string; readonly size: number },
  { largest, failed }: CompareParts,
  cursor: MailCursor | undefined,
): Gap['reason'] {
  if (size > largest) return 'too-large';
  if (failed.has(key)) return 'failed';
  return isBehind(key, cursor) ? 'new' : 'missing';
}

/** Whether the mailbox has not been read so far. */
function isBehind(key: string, cursor: MailCursor | undefined): boolean {
  const place = cursorAt(key);
  if (place.type !== 'imap' || cursor?.type !== 'imap') return true;
  return place.uidValidity !== cursor.uidValidity || place.uid > cursor.uid;
}
