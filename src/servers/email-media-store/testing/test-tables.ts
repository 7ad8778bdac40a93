/** What tests look up in the tables themselves. Only tests import this file. */
import type { ConversationId, EmailId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';

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
