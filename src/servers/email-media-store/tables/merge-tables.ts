import type { Transaction } from '#platform/database/database.ts';
import type { Change } from '../changes.ts';

/** Everything of one conversation goes on in another; the same again changes nothing. */
export async function writeMerge(
  tx: Transaction,
  { from, into, after }: Extract<Change, { type: 'conversation-merged' }>,
): Promise<void> {
  const statements: [text: string, values: unknown[]][] = [
    [
      `update email.emails set conversation = $2, number = number + $3 where conversation = $1`,
      [from, into, after],
    ],
    [
      `update email.conversations set merged_into = $2 where id = $1 or merged_into = $1`,
      [from, into],
    ],
    [
      `insert into email.thread_roots (mailbox, root, conversation)
        select mailbox, root, $2 from email.thread_roots where conversation = $1
        on conflict do nothing`,
      [from, into],
    ],
    [`delete from email.thread_roots where conversation = $1`, [from]],
    [
      `insert into email.notes (conversation, id, agent, note, at)
        select $2, id, agent, note, at from email.notes where conversation = $1
        on conflict do nothing`,
      [from, into],
    ],
    [`delete from email.notes where conversation = $1`, [from]],
    [`update email.drafts set conversation = $2 where conversation = $1`, [from, into]],
    [`update email.outbox set conversation = $2 where conversation = $1`, [from, into]],
    [`update email.consequences set conversation = $2 where conversation = $1`, [from, into]],
  ];
  for (const [text, values] of statements) await tx.query({ text, values });
}
