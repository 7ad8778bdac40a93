/** Where the filing of tests notes what it was given: a row each time, so that twice is seen. Only tests import this file. */
import type { Database, Transaction } from '#platform/database/database.ts';
import type { ReadMail } from '../filing.ts';
import { markDone } from '../tables/received-tables.ts';

export async function prepareFiled(database: Database): Promise<void> {
  await database.query({
    text: `create table if not exists filed
      (mail uuid, mailbox text, subject text, unreadable text, at timestamptz)`,
  });
}

/** Files messages within a transaction, as a filing does. @returns Those that were not filed before. */
export async function noteFiled(tx: Transaction, mails: readonly ReadMail[]): Promise<ReadMail[]> {
  const done = await markDone(
    tx,
    mails.map(({ mail, parsed }) => ({
      id: mail.id,
      state: parsed.unreadable === undefined ? 'filed' : 'unreadable',
    })),
  );
  const fresh = mails.filter(({ mail }) => done.has(mail.id));
  await tx.query({
    text: `insert into filed select * from
      unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
    values: [
      fresh.map(({ mail }) => mail.id),
      fresh.map(({ mail }) => mail.mailbox),
      fresh.map(({ parsed }) => parsed.subject),
      fresh.map(({ parsed }) => parsed.unreadable),
      fresh.map(({ mail }) => new Date(mail.receivedAt)),
    ],
  });
  return fresh;
}
