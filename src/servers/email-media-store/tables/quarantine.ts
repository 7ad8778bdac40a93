import type { EmailId, MailboxId } from '#domain/ids.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { Change, QuarantinedMail } from '../changes.ts';
import type { Quarantined } from '../contract/mailboxes.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { StoredEmail } from '../thread.ts';

type Of<T extends Change['type']> = Extract<Change, { type: T }>;

interface Row {
  email: EmailId;
  mailbox: MailboxId;
  reason: QuarantinedMail['reason'];
  at: Date;
  received_at: Date;
  key: string;
  rest: Omit<ParsedMail, 'text' | 'html' | 'subject'>;
  text: string;
  html: string | null;
  subject: string;
  raw: string;
  size: number;
}

/** Which mails are wanted; what is left out is not asked for. */
export interface WaitingWish {
  readonly only?: readonly EmailId[] | undefined;
  readonly reason?: QuarantinedMail['reason'];
  /** Those behind this one. */
  readonly after?: QuarantinedMail['mail'] | undefined;
}

/** Mail that waits for somebody's judgement, as its table holds it. */
export class QuarantineTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The oldest first. */
  async list(mailbox: MailboxId | undefined, limit: number): Promise<Quarantined[]> {
    const rows = await this.#database.query<{
      email: EmailId;
      mailbox: MailboxId;
      name: string;
      address: string;
      subject: string;
      received_at: Date;
      reason: Quarantined['reason'];
    }>({
      name: 'email.quarantined',
      text: `select q.email, q.mailbox, e.sender_name as name, e.sender_address as address,
          e.subject, q.received_at, q.reason
        from email.quarantine q join email.emails e on e.id = q.email
        where $1::text is null or q.mailbox = $1 order by q.at, q.email limit $2`,
      values: [mailbox ?? null, limit],
    });
    return rows.map(({ name, address, received_at: at, ...row }) => ({
      ...row,
      from: { name, address },
      at: at.getTime(),
    }));
  }

  /** How many wait, by mailbox; of a storm, since when and how many. */
  async counts(): Promise<
    { mailbox: MailboxId; count: number; held: number; stormSince: number | undefined }[]
  > {
    const rows = await this.#database.query<{
      mailbox: MailboxId;
      count: number;
      held: number;
      storm_since: Date | null;
    }>({
      name: 'email.quarantine_counts',
      text: `select mailbox, count(*)::integer as count,
          (count(*) filter (where reason = 'storm'))::integer as held,
          min(at) filter (where reason = 'storm') as storm_since
        from email.quarantine group by mailbox`,
    });
    return rows.map(({ storm_since: since, ...row }) => ({
      ...row,
      stormSince: since?.getTime(),
    }));
  }

  /** Mails of a mailbox that wait, the oldest first. */
  async waiting(
    mailbox: MailboxId,
    { only, reason, after }: WaitingWish,
    limit: number,
  ): Promise<QuarantinedMail[]> {
    const rows = await this.#database.query<Row>({
      name: 'email.quarantine_waiting',
      text: `select q.*, e.text, e.html, e.subject, e.raw, e.size
        from email.quarantine q join email.emails e on e.id = q.email
        where q.mailbox = $1 and ($2::uuid[] is null or q.email = any($2::uuid[]))
          and ($3::text is null or q.reason = $3)
          and ($4::timestamptz is null or (q.received_at, q.email) > ($4, $5::uuid))
        order by q.received_at, q.email limit $6`,
      values: [
        mailbox,
        only ?? null,
        reason ?? null,
        after ? new Date(after.receivedAt) : null,
        after?.id ?? null,
        limit,
      ],
    });
    return rows.map((row) => ({
      mail: {
        id: row.email,
        mailbox: row.mailbox,
        key: row.key,
        receivedAt: row.received_at.getTime(),
        size: row.size,
        raw: row.raw,
      },
      parsed: {
        ...row.rest,
        subject: row.subject,
        text: row.text,
        ...(row.html !== null && { html: row.html }),
      },
      reason: row.reason,
      at: row.at.getTime(),
    }));
  }
}

/** Notes why mails wait; the mails themselves are in `emails`, without a conversation. */
export async function writeQuarantined(
  tx: Transaction,
  changes: readonly Of<'mail-quarantined'>[],
): Promise<void> {
  const rows = changes.map(({ quarantined: { mail, parsed, reason, at } }) => {
    const { text: _text, html: _html, subject: _subject, ...rest } = parsed;
    return {
      email: mail.id,
      mailbox: mail.mailbox,
      reason,
      at: new Date(at),
      received_at: new Date(mail.receivedAt),
      key: mail.key,
      rest,
    };
  });
  await tx.query({
    name: 'email.insert_quarantine',
    text: `insert into email.quarantine (email, mailbox, reason, at, received_at, key, rest)
      select * from json_to_recordset($1::json) as n (email uuid, mailbox text, reason text,
        at timestamptz, received_at timestamptz, key text, rest jsonb)
      on conflict do nothing`,
    values: [JSON.stringify(rows)],
  });
}

/** What was in quarantine has a place in a conversation now. */
export async function releaseEmails(
  tx: Transaction,
  emails: readonly StoredEmail[],
): Promise<void> {
  await tx.query({
    name: 'email.release_emails',
    text: `with released as (
        select * from json_to_recordset($1::json) as n (id uuid, conversation uuid, number integer,
          nature text, opened_work boolean, reasons text[])),
      gone as (delete from email.quarantine q using released n where q.email = n.id)
      update email.emails e set conversation = n.conversation, number = n.number,
        nature = n.nature, opened_work = n.opened_work, reasons = n.reasons
      from released n where e.id = n.id and e.conversation is null`,
    values: [JSON.stringify(emails.map(releasedRow))],
  });
}

const releasedRow = ({ email, conversation, number, openedWork, reasons = [] }: StoredEmail) => ({
  id: email.id,
  conversation,
  number,
  nature: email.nature,
  opened_work: openedWork,
  reasons,
});

/** Somebody has judged that nobody needs these: what was read of them goes; the originals stay for a while. */
export async function dropQuarantined(
  tx: Transaction,
  changes: readonly Of<'mail-dropped'>[],
): Promise<void> {
  await tx.query({
    name: 'email.drop_quarantined',
    text: `delete from email.emails e using email.quarantine q
      where q.email = e.id and e.id = any($1::uuid[])`,
    values: [changes.map(({ mail }) => mail)],
  });
}
