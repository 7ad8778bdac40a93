/** What tests look up in the tables themselves. Only tests import this file. */
import type { ConversationId, EmailId } from '#domain/ids.ts';
import type { Database, Statement } from '#platform/database/database.ts';

/** All conversations, the oldest first. */
export const conversationsIn = (database: Database) =>
  database.query<{ id: ConversationId; last_number: number; work_item: string | null }>({
    text: `select id, last_number, work_item from email.conversations
      where merged_into is null order by opened_at, id`,
  });

/** @throws If the e-mail is in none. */
export async function conversationOf(database: Database, email: EmailId): Promise<ConversationId> {
  const [row] = await database.query<{ conversation: ConversationId | null }>({
    text: 'select conversation from email.emails where id = $1',
    values: [email],
  });
  if (!row?.conversation) throw new Error(`The e-mail "${email}" is in no conversation`);
  return row.conversation;
}

/** What came in and has a place in a conversation, in the order of numbers. */
export const filedMails = (database: Database) =>
  database.query<{ messageId: string; conversation: ConversationId; number: number }>({
    text: `select message_id as "messageId", conversation, number from email.emails
      where conversation is not null and direction = 'in' order by conversation, number`,
  });

/**
 * Fills the tables with e-mails of many customers, one a minute back from now: every one says hello, one of
 * a thousand is about a refund.
 */
export async function fillEmails(database: Database, count: number): Promise<void> {
  await database.query({
    text: `insert into email.conversations (id, interaction, mailbox, queue, customer_name,
        customer_address, subject, participants, thread_roots, opened_at, last_number)
      select gen_random_uuid(), gen_random_uuid(), 'support', 'support', 'Customer ' || n,
        'customer' || n || '@customer.example', 'Subject ' || n, '{}', '{}', now(), 10
      from generate_series(1, $1::integer / 10) as n`,
    values: [count],
  });
  await database.query({
    text: `insert into email.emails (id, conversation, number, direction, mailbox, message_id, refs,
        sender_name, sender_address, correspondent, people, subject, at, nature, text, size,
        fingerprint, opened_work, reasons, words)
      select gen_random_uuid(), c.id, k, 'in', 'support', gen_random_uuid() || '@customer.example',
        '{}', c.customer_name, c.customer_address, c.customer_address,
        '{"replyTo":[],"to":[],"cc":[],"bcc":[]}', c.subject,
        now() - make_interval(mins => (row_number() over ())::integer), 'personal',
        'Hello, where is my order ' || k, 1000, '', k = 1, '{}',
        ('hello:1 where:2 order:5 ' || k || ':6 ' || md5(c.id || 'a' || k) || ':7 '
          || case when random() < 0.001 then 'refund:8 ' else '' end
          || '''' || c.customer_address || ''':9')::tsvector
      from email.conversations c cross join generate_series(1, 10) as k`,
  });
  await database.query({ text: 'vacuum analyze email.emails' });
  await database.query({ text: 'analyze email.conversations' });
}

/** How PostgreSQL would answer. */
export async function planOf(database: Database, statement: Statement): Promise<string> {
  const rows = await database.query<{ 'QUERY PLAN': string }>({
    text: `explain ${statement.text}`,
    ...(statement.values && { values: statement.values }),
  });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Closes all work without a director: from the next start on nobody owns anything. */
export const closeAllWork = (database: Database) =>
  database.query({ text: 'update email.conversations set work_item = null, owner = null' });
