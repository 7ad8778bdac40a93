import type { Instant } from '#base/time.ts';
import type {
  AgentId,
  ContactId,
  ConversationId,
  EmailId,
  MailboxId,
  QueueId,
} from '#domain/ids.ts';
import type { Database, Statement } from '#platform/database/database.ts';
import type { SearchQuery } from '../rules/search-query.ts';

/** What is looked for, and among what. */
export interface Search {
  readonly query: SearchQuery;
  readonly mailboxes: readonly MailboxId[] | undefined;
  readonly queues: readonly QueueId[] | undefined;
  readonly agent: AgentId | undefined;
  readonly contact: ContactId | undefined;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly before: { readonly at: Instant; readonly email: EmailId } | undefined;
  readonly limit: number;
}

/** An e-mail that was found, with so much of its text as an excerpt is made of. */
export interface FoundEmail {
  readonly email: EmailId;
  readonly conversation: ConversationId;
  readonly mailbox: MailboxId;
  readonly direction: 'in' | 'out';
  readonly subject: string;
  readonly customer: string;
  readonly at: Instant;
  readonly text: string;
}

/** An excerpt is looked for within so many characters. */
const EXCERPTED = 20_000;

/**
 * The statement that finds e-mails, newest first. Only the conditions that were given stand in it, so that
 * PostgreSQL sees how rare what is looked for is: rare words come from their own index, frequent ones by
 * going back in time until there are enough.
 */
export function searchStatement(search: Search): Statement {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const { query, from, to, before } = search;
  const conditions = ['e.conversation is not null'];
  const found: string[] = [];
  if (query.words !== undefined) found.push(`e.words @@ ${value(query.words)}::tsquery`);
  if (query.messageId !== undefined) found.push(`e.message_id = ${value(query.messageId)}`);
  if (found.length > 0) conditions.push(`(${found.join(' or ')})`);
  if (search.mailboxes) conditions.push(`e.mailbox = any(${value(search.mailboxes)}::text[])`);
  if (search.agent) conditions.push(`e.agent = ${value(search.agent)}`);
  if (search.queues) conditions.push(`c.queue = any(${value(search.queues)}::text[])`);
  if (search.contact) conditions.push(`c.contact = ${value(search.contact)}`);
  if (from !== undefined) conditions.push(`e.at >= ${value(new Date(from))}::timestamptz`);
  if (to !== undefined) conditions.push(`e.at < ${value(new Date(to))}::timestamptz`);
  if (before) {
    const [at, email] = [value(new Date(before.at)), value(before.email)];
    conditions.push(`(e.at, e.id) < (${at}::timestamptz, ${email}::uuid)`);
  }
  const join =
    search.queues || search.contact ? ' join email.conversations c on c.id = e.conversation' : '';
  return {
    // texts are read once it is known whose: they lie apart, and reading one costs more than finding it
    text: `with found as materialized (
        select e.id from email.emails e${join} where ${conditions.join(' and ')}
        order by e.at desc, e.id desc limit ${value(search.limit)})
      select e.id as email, e.conversation, e.mailbox, e.direction, e.subject,
        coalesce(nullif(c.customer_name, ''), c.customer_address) as customer, e.at,
        left(e.text, ${EXCERPTED}) as text
      from found join email.emails e using (id) join email.conversations c on c.id = e.conversation
      order by e.at desc, e.id desc`,
    values,
  };
}

/** Finds e-mails, newest first. */
export async function findEmails(database: Database, search: Search): Promise<FoundEmail[]> {
  const rows = await database.query<Omit<FoundEmail, 'at'> & { at: Date }>(searchStatement(search));
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}
