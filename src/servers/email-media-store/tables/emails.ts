import type { Attachment, Delivery, Email, EmailAddress } from '#domain/email/email.ts';
import type { AgentId, ConversationId, EmailId, MailboxId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import type { StoredAttachment } from '../out/outgoing.ts';
import type { KnownEmail, KnownReference } from '../rules/known.ts';
import type { StoredEmail } from '../thread.ts';

interface Row {
  id: EmailId;
  conversation: ConversationId | null;
  number: number | null;
  direction: Email['direction'];
  mailbox: MailboxId;
  message_id: string;
  refs: string[];
  sender_name: string;
  sender_address: string;
  correspondent: string;
  people: { replyTo: EmailAddress[]; to: EmailAddress[]; cc: EmailAddress[]; bcc: EmailAddress[] };
  subject: string;
  sent_at: Date | null;
  at: Date;
  nature: Email['nature'];
  text: string;
  html: string | null;
  has_html: boolean;
  unreadable: string | null;
  agent: AgentId | null;
  raw: string | null;
  size: number;
  fingerprint: string;
  opened_work: boolean;
  attachments: (Omit<StoredAttachment, 'contentId' | 'blob'> & {
    contentId: string | null;
    blob: string | null;
  })[];
}

const COLUMNS = `e.id, e.conversation, e.number, e.direction, e.mailbox, e.message_id, e.refs,
  e.sender_name, e.sender_address, e.correspondent, e.people, e.subject, e.sent_at, e.at, e.nature,
  e.text, e.html is not null as has_html, e.unreadable, e.agent, e.raw, e.size, e.fingerprint,
  e.opened_work, coalesce((
    select json_agg(json_build_object('id', a.id, 'name', a.name, 'type', a.type, 'size', a.size,
      'inline', a.inline, 'contentId', a.content_id, 'scan', a.scan, 'blob', a.blob) order by a.place)
    from email.attachments a where a.email = e.id), '[]') as attachments`;

const storedOf = (row: Row): StoredEmail => ({
  email: {
    id: row.id,
    direction: row.direction,
    mailbox: row.mailbox,
    messageId: row.message_id,
    from: { name: row.sender_name, address: row.sender_address },
    ...row.people,
    subject: row.subject,
    ...(row.sent_at && { sentAt: row.sent_at.getTime() }),
    at: row.at.getTime(),
    nature: row.nature,
    text: row.text,
    ...(row.unreadable !== null && { unreadable: row.unreadable }),
    ...(row.agent !== null && { agent: row.agent }),
  },
  conversation: row.conversation ?? undefined,
  number: row.number ?? undefined,
  html: row.html ?? undefined,
  references: row.refs,
  attachments: row.attachments.map(({ contentId, blob, ...file }) => ({
    ...file,
    blob: blob ?? '',
    ...(contentId !== null && { contentId }),
  })),
  raw: row.raw ?? '',
  size: row.size,
  correspondent: row.correspondent,
  fingerprint: row.fingerprint,
  openedWork: row.opened_work,
});

/** An e-mail as everybody sees it. @throws {TypeError} If it is in no conversation. */
export function emailOf(
  { email, conversation, number, attachments, html }: StoredEmail,
  delivery: Delivery | undefined,
  hasHtml = html !== undefined,
): Email {
  if (!conversation || number === undefined) {
    throw new TypeError(`Cannot show the e-mail "${email.id}": it is in quarantine`);
  }
  return {
    ...email,
    conversation,
    number,
    hasHtml,
    attachments: attachments.map(withoutBlob),
    ...(delivery && { delivery }),
  };
}

function withoutBlob(file: StoredAttachment): Attachment {
  const { blob: _blob, ...shown } = file;
  return shown;
}

/** What one answer holds: even if every character needs six bytes in JSON, it fits into a message of rpc. */
const PAGE_CHARACTERS = 128 * 1024;

/** There are programs that give every mail the same id: of thousands the newest are looked at. */
const MOST_OF_ID = 50;

/** What this room reads of its e-mails. What it writes goes through the journal: `writeChanges`. */
export class EmailTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One e-mail with its HTML. */
  async email(id: EmailId): Promise<StoredEmail | undefined> {
    const [row] = await this.#database.query<Row>({
      name: 'email.email',
      text: `select ${COLUMNS}, e.html from email.emails e where e.id = $1`,
      values: [id],
    });
    return row && storedOf(row);
  }

  /** Why an e-mail was filed as it was. */
  async reasons(id: EmailId): Promise<string[]> {
    const [row] = await this.#database.query<{ reasons: string[] }>({
      name: 'email.reasons',
      text: 'select reasons from email.emails where id = $1',
      values: [id],
    });
    return row?.reasons ?? [];
  }

  /**
   * E-mails behind number `since`, oldest first, without HTML: as many as fit into `limit` and into what
   * one answer may hold, but at least one.
   */
  async emails(
    conversation: ConversationId,
    since: number,
    limit: number,
  ): Promise<{ stored: StoredEmail; hasHtml: boolean }[]> {
    const rows = await this.#database.query<Row>({
      name: 'email.emails',
      text: `select ${COLUMNS}, null as html from (
          select *, sum(length(text) + length(people::text) + 2000) over (order by number)
            - length(text) as before
          from (select * from email.emails
            where conversation = $1 and number > $2 order by number limit $3) as page
        ) as e where e.before < $4 order by e.number`,
      values: [conversation, since, limit, PAGE_CHARACTERS],
    });
    return rows.map((row) => ({ stored: storedOf(row), hasHtml: row.has_html }));
  }

  /** The newest e-mail of a conversation that came in; where none did, the newest that left. */
  async newest(conversation: ConversationId): Promise<StoredEmail | undefined> {
    const [row] = await this.#database.query<Row>({
      name: 'email.newest',
      text: `select ${COLUMNS}, e.html from email.emails e where e.conversation = $1
        order by e.direction, e.number desc limit 1`,
      values: [conversation],
    });
    return row && storedOf(row);
  }

  /** The e-mails, in or out, of any mailbox, that have one of these message ids, or that a server gave it. */
  async known(messageIds: readonly string[]): Promise<KnownEmail[]> {
    if (messageIds.length === 0) return [];
    const rows = await this.#database.query<
      Pick<
        Row,
        'id' | 'message_id' | 'direction' | 'mailbox' | 'conversation' | 'fingerprint' | 'agent'
      > & {
        state: Delivery['state'] | null;
      }
    >({
      name: 'email.known_emails',
      text: `select e.id, e.message_id, e.direction, e.mailbox, e.conversation, e.fingerprint,
          e.agent, o.state
        from unnest($1::text[]) as asked (id)
        cross join lateral (select * from email.emails
          where message_id = asked.id order by at desc limit ${MOST_OF_ID}) as e
        left join email.outbox o on o.email = e.id
        union
        select e.id, o.server_message_id, e.direction, e.mailbox, e.conversation, e.fingerprint,
          e.agent, o.state
        from unnest($1::text[]) as asked (id)
        join email.outbox o on o.server_message_id = asked.id
        join email.emails e on e.id = o.email`,
      values: [messageIds],
    });
    return rows.map((row) => ({
      id: row.id,
      messageId: row.message_id,
      direction: row.direction,
      mailbox: row.mailbox,
      conversation: row.conversation ?? undefined,
      fingerprint: row.fingerprint,
      agent: row.agent ?? undefined,
      delivery: row.state === null ? undefined : { state: row.state },
    }));
  }

  /** The conversations of e-mails that answer one of these message ids; where one is given, of this correspondent. */
  async referring(
    asked: readonly { readonly id: string; readonly correspondent?: string }[],
  ): Promise<KnownReference[]> {
    if (asked.length === 0) return [];
    return this.#database.query<KnownReference & object>({
      name: 'email.referring',
      text: `select distinct asked.id as "messageId", e.conversation
        from email.emails e
        join unnest($1::text[], $2::text[]) as asked (id, correspondent)
          on asked.id = any(e.refs) and e.correspondent = coalesce(asked.correspondent, e.correspondent)
        where e.refs && $1::text[] and e.conversation is not null and e.direction = 'in'
        limit 1000`,
      values: [asked.map(({ id }) => id), asked.map(({ correspondent }) => correspondent ?? null)],
    });
  }

  /** Of these received messages those that nobody has filed. */
  async unfiled(ids: readonly EmailId[]): Promise<Set<EmailId>> {
    const rows = await this.#database.query<{ id: EmailId }>({
      name: 'email.unfiled_of',
      text: `select id from email.received where id = any($1::uuid[]) and state = 'stored'`,
      values: [ids],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** The conversations of a mailbox in which an e-mail has one of these roots, by root. */
  async byThreadRoot(
    asked: readonly { readonly mailbox: MailboxId; readonly root: string }[],
  ): Promise<{ mailbox: MailboxId; root: string; conversation: ConversationId }[]> {
    if (asked.length === 0) return [];
    return this.#database.query({
      name: 'email.by_thread_root',
      text: `select t.mailbox, t.root, t.conversation from unnest($1::text[], $2::text[])
          as asked (mailbox, root)
        join email.thread_roots t on t.mailbox = asked.mailbox and t.root = asked.root
        limit 1000`,
      values: [asked.map((a) => a.mailbox), asked.map((a) => a.root)],
    });
  }

  /** What has come in since, the newest first, to count how much comes. */
  async traffic(
    since: number,
    limit: number,
  ): Promise<{ mailbox: MailboxId; correspondent: string; at: number; openedWork: boolean }[]> {
    const rows = await this.#database.query<{
      mailbox: MailboxId;
      correspondent: string;
      at: Date;
      opened_work: boolean;
    }>({
      text: `select mailbox, correspondent, at, opened_work from email.emails
        where at >= $1 and direction = 'in' order by at desc, id desc limit $2`,
      values: [new Date(since), limit],
    });
    return rows.map(({ mailbox, correspondent, at, opened_work: openedWork }) => ({
      mailbox,
      correspondent,
      at: at.getTime(),
      openedWork,
    }));
  }

  /** To whom something was sent automatically since, or is still to be sent; the oldest first. */
  async answeredAutomatically(
    since: number,
  ): Promise<{ mailbox: MailboxId; correspondent: string; at: number }[]> {
    const rows = await this.#database.query<{ mailbox: MailboxId; address: string; at: Date }>({
      text: `select e.mailbox, lower(r.address) as address, e.at
          from email.emails e join email.outbox o on o.email = e.id
          join email.outbox_recipients r on r.email = o.email
          where o.automatic and e.at >= $1
        union all
        select e.mailbox, e.correspondent, c.at
          from email.consequences c join email.emails e on e.id = c.email
          where c.type = 'acknowledge'
        order by at`,
      values: [new Date(since)],
    });
    return rows.map(({ mailbox, address, at }) => ({
      mailbox,
      correspondent: address,
      at: at.getTime(),
    }));
  }
}
