import type { Email, EmailConversation } from '#domain/email/email.ts';
import type { AgentId, ContactId, ConversationId, EmailId, WorkItemId } from '#domain/ids.ts';
import type { Party } from '#domain/message.ts';
import type { Database } from '#platform/database/database.ts';
import type { Consequence, DirectorCall, PlannedSubmission } from '../changes.ts';
import type { FurtherItem, StoredConversation } from '../thread.ts';
import { writeFollowed } from './write-changes.ts';

/** A note of an agent. */
export interface Note {
  readonly id: string;
  readonly agent: AgentId;
  readonly note: string;
  readonly at: number;
}

interface Row {
  id: ConversationId;
  interaction: EmailConversation['interaction'];
  mailbox: EmailConversation['mailbox'];
  entry_point: NonNullable<EmailConversation['entryPoint']> | null;
  queue: NonNullable<EmailConversation['queue']> | null;
  contact: ContactId | null;
  contact_candidate: ContactId | null;
  customer_name: string;
  customer_address: string;
  subject: string;
  language: string | null;
  participants: string[];
  thread_roots: string[];
  opened_at: Date;
  ended_at: Date | null;
  ended_by: Party | null;
  work_item: WorkItemId | null;
  owner: AgentId | null;
  last_owner: AgentId | null;
  further: FurtherItem[];
  last_number: number;
  read_number: number;
  customer_wrote_at: Date | null;
  reopened: Date[];
  erased: boolean;
}

interface FullRow extends Row {
  formerly: ConversationId[];
}

const FULL = `select c.*, array(select m.id from email.conversations m where m.merged_into = c.id)
    as formerly
  from email.conversations c`;

const conversationOf = (row: Row): StoredConversation['conversation'] => ({
  id: row.id,
  interaction: row.interaction,
  mailbox: row.mailbox,
  entryPoint: row.entry_point ?? undefined,
  queue: row.queue ?? undefined,
  contact: row.contact ?? undefined,
  customer: { name: row.customer_name, address: row.customer_address },
  subject: row.subject,
  language: row.language ?? undefined,
  openedAt: row.opened_at.getTime(),
  endedAt: row.ended_at?.getTime(),
  endedBy: row.ended_by ?? undefined,
  workItem: row.work_item ?? undefined,
  owner: row.owner ?? undefined,
  lastNumber: row.last_number,
  readNumber: row.read_number,
});

const storedOf = (row: FullRow): StoredConversation => ({
  conversation: conversationOf(row),
  kept: {
    participants: row.participants,
    threadRoots: row.thread_roots,
    lastOwner: row.last_owner ?? undefined,
    further: row.further,
    customerWroteAt: row.customer_wrote_at?.getTime(),
    reopened: row.reopened.map((at) => at.getTime()),
    candidate: row.contact_candidate ?? undefined,
    erased: row.erased,
  },
  formerly: row.formerly,
});

/** What a list shows of a conversation. */
export interface Summary {
  readonly conversation: StoredConversation['conversation'];
  readonly lastText: string;
  readonly lastDirection: Email['direction'] | undefined;
}

/** What this room reads of its conversations. What it writes goes through the journal: `writeChanges`. */
export class ConversationTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** These, and of those that were merged the ones they are in now. */
  async conversations(ids: readonly ConversationId[]): Promise<StoredConversation[]> {
    const rows = await this.#database.query<FullRow>({
      name: 'email.conversations',
      text: `${FULL} where c.id in (select coalesce(merged_into, id) from email.conversations
        where id = any($1::uuid[]))`,
      values: [ids],
    });
    return rows.map(storedOf);
  }

  /** The conversations whose work item is open. */
  async open(): Promise<StoredConversation[]> {
    const rows = await this.#database.query<FullRow>({
      text: `${FULL} where c.work_item is not null order by c.id`,
    });
    return rows.map(storedOf);
  }

  async notes(conversation: ConversationId): Promise<Note[]> {
    const rows = await this.#database.query<Omit<Note, 'at'> & { at: Date }>({
      name: 'email.notes',
      text: `select id, agent, note, at from email.notes
        where conversation = $1 order by at, id limit 1000`,
      values: [conversation],
    });
    return rows.map((row) => ({ ...row, at: row.at.getTime() }));
  }

  /**
   * Heads with the beginning of the last e-mail that a person wrote: an acknowledgement or an out-of-office answer says
   * nothing of what it is about. Where there is none, of the last one.
   */
  async summaries(ids: readonly ConversationId[]): Promise<Summary[]> {
    const rows = await this.#database.query<
      Row & { last_text: string | null; last_direction: Email['direction'] | null }
    >({
      name: 'email.summaries',
      text: `select c.*, l.text as last_text, l.direction as last_direction
        from email.conversations c left join lateral (
          (select left(e.text, 200) as text, e.direction, 1 as choice from email.emails e
            where e.conversation = c.id and e.nature <> 'auto-reply'
              and (e.direction = 'in' or e.agent is not null)
            order by e.number desc limit 1)
          union all
          (select left(e.text, 200), e.direction, 2 from email.emails e
            where e.conversation = c.id order by e.number desc limit 1)
          order by choice limit 1) l on true
        where c.id = any($1::uuid[])`,
      values: [ids],
    });
    return rows.map((row) => ({
      conversation: conversationOf(row),
      lastText: row.last_text ?? '',
      lastDirection: row.last_direction ?? undefined,
    }));
  }

  /** Newest first. */
  async ofContact(
    contact: ContactId,
    before: number | undefined,
    limit: number,
  ): Promise<StoredConversation['conversation'][]> {
    const rows = await this.#database.query<Row>({
      name: 'email.of_contact',
      text: `select * from email.conversations
        where contact = $1 and merged_into is null
          and opened_at < coalesce($2::timestamptz, 'infinity')
        order by opened_at desc, id desc limit $3`,
      values: [contact, before === undefined ? null : new Date(before), limit],
    });
    return rows.map(conversationOf);
  }

  /** What the media director has not answered yet, oldest first. */
  async directorCalls(): Promise<DirectorCall[]> {
    const rows = await this.#database.query<{
      work_item: WorkItemId;
      conversation: ConversationId;
      submission: PlannedSubmission | null;
    }>({ text: 'select * from email.director_outbox order by at, call desc' });
    return rows.map(({ work_item: workItem, conversation, submission }) =>
      submission
        ? { workItem, conversation, call: 'submit', submission }
        : { workItem, conversation, call: 'customer-wrote' },
    );
  }

  /** The director has answered these. */
  async settle(calls: readonly DirectorCall[]): Promise<void> {
    await this.#database.query({
      name: 'email.settle',
      text: `delete from email.director_outbox o
        using unnest($1::uuid[], $2::text[]) as settled (work_item, call)
        where o.work_item = settled.work_item and o.call = settled.call`,
      values: [calls.map(({ workItem }) => workItem), calls.map(({ call }) => call)],
    });
  }

  /** What is still to follow from e-mails that were filed, oldest first. */
  async consequences(): Promise<Consequence[]> {
    const rows = await this.#database.query<{
      email: EmailId;
      conversation: ConversationId;
      body: Omit<Consequence, 'email' | 'conversation' | 'at'>;
      at: Date;
    }>({ text: 'select email, conversation, body, at from email.consequences order by at, email' });
    return rows.map(
      ({ body, at, ...row }) => ({ ...row, ...body, at: at.getTime() }) as Consequence,
    );
  }

  /** It has happened. */
  async happened({ email, type }: Pick<Consequence, 'email' | 'type'>): Promise<void> {
    await this.#database.query({
      name: 'email.happened',
      text: 'delete from email.consequences where email = $1 and type = $2',
      values: [email, type],
    });
  }

  /** How far a journal of another room has been followed. */
  async followed(stream: string): Promise<number | undefined> {
    const [row] = await this.#database.query<{ position: number }>({
      text: 'select position from email.followed where stream = $1',
      values: [stream],
    });
    return row?.position;
  }

  /** Conversations that wait for the contact directory, newest first. */
  async unmatched(limit: number): Promise<ConversationId[]> {
    const rows = await this.#database.query<{ id: ConversationId }>({
      text: `select id from email.conversations
        where contact is null and contact_candidate is not null and merged_into is null
        order by id desc limit $1`,
      values: [limit],
    });
    return rows.map((row) => row.id);
  }

  /**
   * Erases what a person wrote and was, in all their conversations: texts, files, whole messages. What
   * remains is that they took place. Stores in the same transaction how far the directory has been followed.
   */
  erase(
    contact: ContactId,
    followed: { stream: string; position: number },
  ): Promise<ConversationId[]> {
    return this.#database.transaction(async (tx) => {
      const erased = await tx.query<{ id: ConversationId }>({
        text: `update email.conversations set erased = true, customer_name = '',
            customer_address = '', subject = '', language = null, participants = '{}'
          where contact = $1
            or merged_into in (select id from email.conversations where contact = $1)
          returning id`,
        values: [contact],
      });
      const ids = erased.map((row) => row.id);
      for (const text of ERASURES) await tx.query({ text, values: [ids] });
      await writeFollowed(tx, [followed]);
      return ids;
    });
  }
}

const EMAILS = 'select id from email.emails where conversation = any($1::uuid[])';

/** Whatever else tells of a person; blobs that nothing refers to any more are swept away later. */
const ERASURES = [
  `update email.attachments set name = '', content_id = null, blob = null
    where email in (${EMAILS})`,
  `update email.received set raw = null, message_id = null where id in (${EMAILS})`,
  `update email.emails set message_id = id || '@erased.invalid', refs = '{}', sender_name = '',
      sender_address = '', correspondent = '', subject = '', text = '', html = null, raw = null,
      people = '{"replyTo":[],"to":[],"cc":[],"bcc":[]}', fingerprint = '', words = '', reasons = '{}'
    where conversation = any($1::uuid[])`,
  `update email.notes set note = '' where conversation = any($1::uuid[])`,
  `delete from email.thread_roots where conversation = any($1::uuid[])`,
  `delete from email.drafts where conversation = any($1::uuid[])`,
];
