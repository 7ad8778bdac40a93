import type { Instant } from '#base/time.ts';
import type { Draft, DraftBody, EmailAddress } from '#domain/email/email.ts';
import type { AgentId, ConversationId, DraftId, EmailId, MailboxId, QueueId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import type { StoredAttachment } from '../out/outgoing.ts';

/** A draft with what only this store knows of it. */
export interface StoredDraft {
  readonly draft: Omit<Draft, 'attachments'>;
  readonly attachments: readonly StoredAttachment[];
  /** Whose signature it has and whose templates it may use. */
  readonly queue: QueueId | undefined;
  readonly language: string | undefined;
  /** What it was sent as. */
  readonly email: EmailId | undefined;
}

/** A draft before it is there. */
export interface NewDraft {
  readonly draft: Omit<Draft, 'attachments' | 'revision'>;
  readonly attachments: readonly StoredAttachment[];
  readonly queue: QueueId | undefined;
  readonly language: string | undefined;
}

interface Row {
  id: DraftId;
  conversation: ConversationId;
  agent: AgentId;
  kind: Draft['kind'];
  of_email: EmailId | null;
  mailbox: MailboxId;
  queue: QueueId | null;
  language: string | null;
  recipients: { to: EmailAddress[]; cc: EmailAddress[]; bcc: EmailAddress[] };
  subject: string;
  format: Draft['format'];
  content: string;
  revision: number;
  saved_at: Date;
  email: EmailId | null;
  attachments: (Omit<StoredAttachment, 'contentId'> & { contentId: string | null })[];
}

const WITH_ATTACHMENTS = `select d.*, coalesce((
    select json_agg(json_build_object('id', a.id, 'name', a.name, 'type', a.type, 'size', a.size,
      'inline', a.inline, 'contentId', a.content_id, 'scan', a.scan, 'blob', a.blob) order by a.place)
    from email.draft_attachments a where a.draft = d.id), '[]') as attachments
  from email.drafts d`;

const storedOf = (row: Row): StoredDraft => ({
  draft: {
    id: row.id,
    conversation: row.conversation,
    agent: row.agent,
    kind: row.kind,
    mailbox: row.mailbox,
    ...row.recipients,
    subject: row.subject,
    format: row.format,
    content: row.content,
    revision: row.revision,
    savedAt: row.saved_at.getTime(),
    ...(row.of_email !== null && { of: row.of_email }),
  },
  attachments: row.attachments.map(({ contentId, ...attachment }) =>
    contentId === null ? attachment : { ...attachment, contentId },
  ),
  queue: row.queue ?? undefined,
  language: row.language ?? undefined,
  email: row.email ?? undefined,
});

/** Drafts as their tables hold them. */
export class DraftTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async draft(id: DraftId): Promise<StoredDraft | undefined> {
    const [row] = await this.#database.query<Row>({
      name: 'email.draft',
      text: `${WITH_ATTACHMENTS} where d.id = $1`,
      values: [id],
    });
    return row && storedOf(row);
  }

  /** What an agent has not sent, newest first. */
  async ofAgent(agent: AgentId, conversation: ConversationId | undefined): Promise<StoredDraft[]> {
    const rows = await this.#database.query<Row>({
      name: 'email.drafts_of_agent',
      text: `${WITH_ATTACHMENTS} where d.agent = $1 and d.email is null
          and ($2::uuid is null or d.conversation = $2)
        order by d.saved_at desc, d.id limit 200`,
      values: [agent, conversation ?? null],
    });
    return rows.map(storedOf);
  }

  /** @returns Whether it was not there before. */
  async insert({ draft, attachments, queue, language }: NewDraft): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      const inserted = await tx.query({
        name: 'email.insert_draft',
        text: `insert into email.drafts (id, conversation, agent, kind, of_email, mailbox, queue,
            language, recipients, subject, format, content, saved_at)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
          on conflict do nothing returning 1 as done`,
        values: [
          draft.id,
          draft.conversation,
          draft.agent,
          draft.kind,
          draft.of ?? null,
          draft.mailbox,
          queue ?? null,
          language ?? null,
          JSON.stringify({ to: draft.to, cc: draft.cc, bcc: draft.bcc }),
          draft.subject,
          draft.format,
          draft.content,
          new Date(draft.savedAt),
        ],
      });
      if (inserted.length === 0) return false;
      for (const [place, attachment] of attachments.entries()) {
        await tx.query(insertion(draft.id, attachment, place));
      }
      return true;
    });
  }

  /** @returns Whether nobody had changed it since `revision`. */
  async save(id: DraftId, revision: number, body: DraftBody, at: Instant): Promise<boolean> {
    const saved = await this.#database.query({
      name: 'email.save_draft',
      text: `update email.drafts set mailbox = $3, recipients = $4, subject = $5, format = $6,
          content = $7, saved_at = $8, revision = revision + 1
        where id = $1 and revision = $2 and email is null returning 1 as done`,
      values: [
        id,
        revision,
        body.mailbox,
        JSON.stringify({ to: body.to, cc: body.cc, bcc: body.bcc }),
        body.subject,
        body.format,
        body.content,
        new Date(at),
      ],
    });
    return saved.length === 1;
  }

  async remove(id: DraftId): Promise<void> {
    await this.#database.query({
      name: 'email.remove_draft',
      text: 'delete from email.drafts where id = $1 and email is null',
      values: [id],
    });
  }

  /** Adds a file behind the others; the same again changes nothing. */
  async attach(draft: DraftId, attachment: StoredAttachment): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const added = await tx.query(insertion(draft, attachment, undefined));
      if (added.length === 0) return;
      await tx.query({
        name: 'email.draft_attached',
        text: 'update email.drafts set revision = revision + 1 where id = $1',
        values: [draft],
      });
    });
  }

  async removeAttachment(draft: DraftId, id: string): Promise<void> {
    await this.#database.query({
      name: 'email.remove_attachment',
      text: `with removed as (
          delete from email.draft_attachments where draft = $1 and id = $2 returning draft)
        update email.drafts set revision = revision + 1 from removed where id = removed.draft`,
      values: [draft, id],
    });
  }
}

const insertion = (draft: DraftId, a: StoredAttachment, place: number | undefined) => ({
  name: 'email.insert_attachment',
  text: `insert into email.draft_attachments
      (draft, id, place, name, type, size, inline, content_id, scan, blob)
    select $1, $2, coalesce($3, (select count(*) from email.draft_attachments where draft = $1)),
      $4, $5, $6, $7, $8, $9, $10
    on conflict do nothing returning 1 as done`,
  values: [
    draft,
    a.id,
    place ?? null,
    a.name,
    a.type,
    a.size,
    a.inline,
    a.contentId ?? null,
    a.scan,
    a.blob,
  ],
});
