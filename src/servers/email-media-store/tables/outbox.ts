import type { Instant } from '#base/time.ts';
import type { Delivery, DeliveryState } from '#domain/email/email.ts';
import type { ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { OutChange, OutboxRow, RecipientOutcome } from '../out/outgoing.ts';

interface Row {
  email: EmailId;
  conversation: ConversationId;
  mailbox: MailboxId;
  raw: string;
  size: string | number;
  sender: string;
  message_id: string;
  server_message_id: string | null;
  automatic: boolean;
  state: DeliveryState;
  at: Date;
  give_up_at: Date;
  tries: number;
  next_at: Date | null;
  problem: string | null;
  perhaps_twice: boolean;
  in_doubt: boolean;
  doubts: number;
  holder: string | null;
  recipients: RecipientOutcome[];
}

const WITH_RECIPIENTS = `select o.*, coalesce((
    select json_agg(json_build_object('address', r.address, 'state', r.state, 'said', r.said)
      order by r.address)
    from email.outbox_recipients r where r.email = o.email), '[]') as recipients
  from email.outbox o`;

const rowOf = (row: Row): OutboxRow => ({
  email: row.email,
  conversation: row.conversation,
  mailbox: row.mailbox,
  raw: row.raw,
  size: Number(row.size),
  sender: row.sender,
  messageId: row.message_id,
  serverMessageId: row.server_message_id ?? undefined,
  automatic: row.automatic,
  state: row.state,
  at: row.at.getTime(),
  giveUpAt: row.give_up_at.getTime(),
  tries: row.tries,
  next: row.next_at?.getTime(),
  problem: row.problem ?? undefined,
  perhapsTwice: row.perhaps_twice,
  inDoubt: row.in_doubt,
  doubts: row.doubts,
  holder: row.holder ?? undefined,
  recipients: row.recipients,
});

/** What has become of an e-mail, as everybody sees it. */
export const deliveryOf = (
  row: Pick<OutboxRow, 'state' | 'at' | 'tries' | 'next' | 'problem' | 'perhapsTwice'>,
): Delivery => ({
  state: row.state,
  at: row.at,
  tries: row.tries,
  perhapsTwice: row.perhapsTwice,
  ...(row.next !== undefined && { next: row.next }),
  ...(row.problem !== undefined && { problem: row.problem }),
});

/** The outbox as its tables hold it. What changes in it goes through the journal: `writeOutChanges`. */
export class OutboxTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All that has not ended, oldest first. */
  async unended(): Promise<OutboxRow[]> {
    const rows = await this.#database.query<Row>({
      text: `${WITH_RECIPIENTS} where o.state in ('held', 'waiting', 'sending') order by o.email`,
    });
    return rows.map(rowOf);
  }

  async row(email: EmailId): Promise<OutboxRow | undefined> {
    const [row] = await this.#database.query<Row>({
      name: 'email.outbox_row',
      text: `${WITH_RECIPIENTS} where o.email = $1`,
      values: [email],
    });
    return row && rowOf(row);
  }

  /** What has become of these e-mails; those that did not leave from here are missing. */
  async deliveries(emails: readonly EmailId[]): Promise<Map<EmailId, Delivery>> {
    const rows = await this.#database.query<Row>({
      name: 'email.deliveries',
      text: `select o.*, '[]'::json as recipients from email.outbox o
        where o.email = any($1::uuid[])`,
      values: [emails],
    });
    return new Map(rows.map((row) => [row.email, deliveryOf(rowOf(row))]));
  }

  /** How many wait to be sent and have failed since then, by mailbox. */
  async counts(
    failedSince: Instant,
  ): Promise<{ mailbox: MailboxId; unsent: number; failed: number }[]> {
    return this.#database.query({
      name: 'email.outbox_counts',
      text: `select mailbox, count(*) filter (where state <> 'failed')::integer as unsent,
          count(*) filter (where state = 'failed')::integer as failed
        from email.outbox
        where state in ('held', 'waiting', 'sending') or (state = 'failed' and at >= $1)
        group by mailbox`,
      values: [new Date(failedSince)],
    });
  }

  /** The newest e-mail of a conversation that nobody has taken back; 0 where there is none. */
  async newestNumber(conversation: ConversationId): Promise<number> {
    const [row] = await this.#database.query<{ number: number }>({
      name: 'email.newest_number',
      text: `select e.number from email.emails e left join email.outbox o on o.email = e.id
        where e.conversation = $1 and o.state is distinct from 'undone'
        order by e.number desc limit 1`,
      values: [conversation],
    });
    return row?.number ?? 0;
  }

  /** The draft that became this e-mail, also once it is one again. */
  async draftOf(email: EmailId): Promise<DraftId | undefined> {
    const [row] = await this.#database.query<{ draft: DraftId | null }>({
      name: 'email.draft_of',
      text: 'select draft from email.outbox where email = $1',
      values: [email],
    });
    return row?.draft ?? undefined;
  }

  /** Notes that the whole message is with the server; only while `holder` sends it. */
  async doubt(email: EmailId, holder: string): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'email.outbox_doubt',
      text: `update email.outbox set in_doubt = true
        where email = $1 and state = 'sending' and holder = $2 returning 1 as done`,
      values: [email, holder],
    });
    return rows.length === 1;
  }
}

/** Writes what sending has changed, in its order. Again with the same changes, nothing changes. */
export async function writeOutChanges(
  tx: Transaction,
  changes: readonly OutChange[],
): Promise<void> {
  for (const change of changes) {
    if (change.type === 'reported') await insertReport(tx, change);
    else if (change.type === 'handed-in') await handIn(tx, change);
    else {
      await update(tx, change.row);
      if (change.type === 'taken-back') await giveBack(tx, change.draft);
    }
  }
}

async function handIn(
  tx: Transaction,
  { row, draft }: Extract<OutChange, { type: 'handed-in' }>,
): Promise<void> {
  await tx.query({
    name: 'email.insert_outbox',
    text: `insert into email.outbox (email, conversation, mailbox, raw, size, sender, message_id,
        automatic, state, at, give_up_at, next_at, draft)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
    values: [
      row.email,
      row.conversation,
      row.mailbox,
      row.raw,
      row.size,
      row.sender,
      row.messageId,
      row.automatic,
      row.state,
      new Date(row.at),
      new Date(row.giveUpAt),
      row.next === undefined ? null : new Date(row.next),
      draft ?? null,
    ],
  });
  await writeRecipients(tx, row);
  if (draft === undefined) return;
  await tx.query({
    name: 'email.draft_sent',
    text: 'update email.drafts set email = $2, revision = revision + 1 where id = $1 and email is null',
    values: [draft, row.email],
  });
}

async function update(tx: Transaction, row: OutboxRow): Promise<void> {
  await tx.query({
    name: 'email.update_outbox',
    text: `update email.outbox set state = $2, at = $3, tries = $4, next_at = $5, problem = $6,
        perhaps_twice = $7, in_doubt = $8, doubts = $9, holder = $10, server_message_id = $11,
        sender = $12, give_up_at = $13
      where email = $1`,
    values: [
      row.email,
      row.state,
      new Date(row.at),
      row.tries,
      row.next === undefined ? null : new Date(row.next),
      row.problem ?? null,
      row.perhapsTwice,
      row.inDoubt,
      row.doubts,
      row.holder ?? null,
      row.serverMessageId ?? null,
      row.sender,
      new Date(row.giveUpAt),
    ],
  });
  await writeRecipients(tx, row);
  const hasLeft = !['held', 'waiting', 'sending', 'undone'].includes(row.state);
  if (hasLeft) {
    await tx.query({
      name: 'email.empty_sent_draft',
      text: `update email.drafts set content = '' where email = $1 and content <> ''`,
      values: [row.email],
    });
  }
}

async function writeRecipients(tx: Transaction, { email, recipients }: OutboxRow): Promise<void> {
  await tx.query({
    name: 'email.write_recipients',
    text: `insert into email.outbox_recipients (email, address, state, said)
      select $1, * from unnest($2::text[], $3::text[], $4::text[])
      on conflict (email, address) do update set state = excluded.state, said = excluded.said
      where (outbox_recipients.state, outbox_recipients.said) <> (excluded.state, excluded.said)`,
    values: [
      email,
      recipients.map((r) => r.address),
      recipients.map((r) => r.state),
      recipients.map((r) => r.said),
    ],
  });
}

async function giveBack(tx: Transaction, draft: DraftId): Promise<void> {
  await tx.query({
    name: 'email.draft_taken_back',
    text: 'update email.drafts set email = null, revision = revision + 1 where id = $1 and email is not null',
    values: [draft],
  });
}

async function insertReport(
  tx: Transaction,
  change: Extract<OutChange, { type: 'reported' }>,
): Promise<void> {
  const { report, email, recipient, action, status, diagnostic, at } = change;
  await tx.query({
    name: 'email.insert_report',
    text: `insert into email.delivery_reports (report, email, recipient, action, status, diagnostic, at)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    values: [report, email, recipient, action, status, diagnostic, new Date(at)],
  });
}
