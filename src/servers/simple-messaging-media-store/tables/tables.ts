import type { Database, Transaction } from '#platform/database/database.ts';
import type { AgentId, ContactId, ConversationId, WorkItemId } from '#domain/ids.ts';
import type { Conversation, Message, Party } from '#domain/message.ts';
import type { DirectorCall, PlannedSubmission, StoredConversation } from '../thread.ts';

/** The schema of this room. */
export const SCHEMA = 'simple_messaging';
/** The stream of its journal, and its name on the lines to ids-multimedia. */
export const STREAM = 'simple-messaging-media-store';
export const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** What one answer holds: even if every character needs six bytes in JSON, it fits into a message of rpc. */
const PAGE_CHARACTERS = 128 * 1024;

/** A note of an agent. */
export interface Note {
  readonly agent: AgentId;
  readonly note: string;
  readonly at: number;
}

interface ConversationRow {
  id: ConversationId;
  interaction: Conversation['interaction'];
  channel: Conversation['channel'];
  entry_point: Conversation['entryPoint'];
  contact: ContactId | null;
  contact_candidate: ContactId | null;
  customer_name: string;
  customer_address: string | null;
  visitor: string | null;
  language: string | null;
  page: string | null;
  offline: boolean;
  opened_at: Date;
  ended_at: Date | null;
  ended_by: Party | null;
  work_item: WorkItemId | null;
  owner: AgentId | null;
  customer_delivered: number;
  customer_read: number;
  agent_delivered: number;
  agent_read: number;
  last_number: number;
}

interface ThreadRow extends ConversationRow {
  customer_wrote_at: Date | null;
}

interface MessageRow {
  conversation: ConversationId;
  number: number;
  id: string;
  sender: Party;
  agent: AgentId | null;
  text: string;
  at: Date;
}

/** Conversations with their last number and further columns. */
const conversationsWith = (further: string): string => `select c.*,
    coalesce((select max(m.number) from simple_messaging.messages m
      where m.conversation = c.id), 0) as last_number${further}
  from simple_messaging.conversations c`;

const HEAD = conversationsWith('');

/** What a thread in memory needs beside the head. */
const THREAD = conversationsWith(`,
    (select max(m.at) from simple_messaging.messages m
      where m.conversation = c.id and m.sender = 'customer') as customer_wrote_at`);

const conversationOf = (row: ConversationRow): Conversation => ({
  id: row.id,
  interaction: row.interaction,
  channel: row.channel,
  entryPoint: row.entry_point,
  contact: row.contact ?? undefined,
  customerName: row.customer_name,
  customerAddress: row.customer_address ?? undefined,
  language: row.language ?? undefined,
  page: row.page ?? undefined,
  openedAt: row.opened_at.getTime(),
  endedAt: row.ended_at?.getTime(),
  endedBy: row.ended_by ?? undefined,
  workItem: row.work_item ?? undefined,
  owner: row.owner ?? undefined,
  offline: row.offline,
  lastNumber: row.last_number,
  marks: {
    customerDelivered: row.customer_delivered,
    customerRead: row.customer_read,
    agentDelivered: row.agent_delivered,
    agentRead: row.agent_read,
  },
});

const messageOf = (row: MessageRow): Message => ({
  conversation: row.conversation,
  number: row.number,
  id: row.id,
  from: row.sender,
  agent: row.agent ?? undefined,
  text: row.text,
  at: row.at.getTime(),
});

const storedOf = (row: ThreadRow): StoredConversation => ({
  conversation: conversationOf(row),
  visitor: row.visitor ?? undefined,
  candidate: row.contact_candidate ?? undefined,
  customerWroteAt: row.customer_wrote_at?.getTime(),
});

/** What this room reads of its tables. What it writes goes through the journal: `writeChanges`. */
export class Tables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async conversation(id: ConversationId): Promise<StoredConversation | undefined> {
    const [row] = await this.#database.query<ThreadRow>({
      name: 'simple_messaging.conversation',
      text: `${THREAD} where c.id = $1`,
      values: [id],
    });
    return row && storedOf(row);
  }

  /** The conversations whose work item is open. */
  async open(): Promise<StoredConversation[]> {
    const rows = await this.#database.query<ThreadRow>({
      text: `${THREAD} where c.work_item is not null order by c.opened_at`,
    });
    return rows.map(storedOf);
  }

  /** The ids of the newest messages with their numbers, oldest first. */
  async numbers(
    conversation: ConversationId,
    limit: number,
  ): Promise<{ id: string; number: number }[]> {
    const newest = await this.#database.query<{ id: string; number: number }>({
      name: 'simple_messaging.numbers',
      text: `select id, number from simple_messaging.messages
        where conversation = $1 order by number desc limit $2`,
      values: [conversation, limit],
    });
    return newest.toReversed();
  }

  async numberOf(conversation: ConversationId, id: string): Promise<number | undefined> {
    const [row] = await this.#database.query<{ number: number }>({
      name: 'simple_messaging.number_of',
      text: 'select number from simple_messaging.messages where conversation = $1 and id = $2',
      values: [conversation, id],
    });
    return row?.number;
  }

  /**
   * Messages behind number `since`, oldest first: as many as fit into `limit` and into what one answer
   * may hold, but at least one.
   */
  async messages(conversation: ConversationId, since: number, limit: number): Promise<Message[]> {
    const rows = await this.#database.query<MessageRow>({
      name: 'simple_messaging.messages',
      text: `select * from (
          select *, sum(length(text)) over (order by number) - length(text) as before
          from (select * from simple_messaging.messages
            where conversation = $1 and number > $2 order by number limit $3) as m
        ) as n where before < $4 order by number`,
      values: [conversation, since, limit, PAGE_CHARACTERS],
    });
    return rows.map(messageOf);
  }

  /** The texts of messages that the journal tells of between two positions, by position. */
  async texts(stream: string, from: number, before: number): Promise<Map<number, string>> {
    const rows = await this.#database.query<{ position: number; text: string }>({
      name: 'simple_messaging.texts',
      text: `select j.position, m.text from simple_messaging.journal j
        join simple_messaging.messages m on m.conversation = (j.body->>'conversation')::uuid
          and m.number = (j.body->>'number')::integer
        where j.stream = $1 and j.position >= $2 and j.position < $3
          and j.body->>'type' = 'message-posted'`,
      values: [stream, from, before],
    });
    return new Map(rows.map(({ position, text }) => [position, text]));
  }

  async notes(conversation: ConversationId): Promise<(Note & { id: string })[]> {
    const rows = await this.#database.query<{ id: string; agent: AgentId; note: string; at: Date }>(
      {
        name: 'simple_messaging.notes',
        text: 'select * from simple_messaging.notes where conversation = $1 order by at, id',
        values: [conversation],
      },
    );
    return rows.map(({ id, agent, note, at }) => ({ id, agent, note, at: at.getTime() }));
  }

  /** Heads with the beginning of their last message. */
  async summaries(
    ids: readonly ConversationId[],
  ): Promise<{ conversation: Conversation; lastText: string; lastFrom: Party | undefined }[]> {
    const rows = await this.#database.query<
      ConversationRow & { last_text: string | null; last_from: Party | null }
    >({
      name: 'simple_messaging.summaries',
      text: `select c.*, coalesce(l.number, 0) as last_number, left(l.text, 200) as last_text,
          l.sender as last_from
        from simple_messaging.conversations c
        left join lateral (select number, text, sender from simple_messaging.messages m
          where m.conversation = c.id order by number desc limit 1) l on true
        where c.id = any($1::uuid[])`,
      values: [ids],
    });
    return rows.map((row) => ({
      conversation: conversationOf(row),
      lastText: row.last_text ?? '',
      lastFrom: row.last_from ?? undefined,
    }));
  }

  /** Newest first. */
  async ofContact(
    contact: ContactId,
    before: number | undefined,
    limit: number,
  ): Promise<Conversation[]> {
    const rows = await this.#database.query<ConversationRow>({
      name: 'simple_messaging.of_contact',
      text: `${HEAD} where c.contact = $1 and c.opened_at < coalesce($2::timestamptz, 'infinity')
        order by c.opened_at desc, c.id desc limit $3`,
      values: [contact, before === undefined ? null : new Date(before), limit],
    });
    return rows.map(conversationOf);
  }

  /** The agent who last wrote to this customer in any conversation begun since `since`. */
  async lastAgent(
    { contact, visitor }: { contact: ContactId | undefined; visitor: string | undefined },
    since: number,
  ): Promise<AgentId | undefined> {
    const [row] = await this.#database.query<{ agent: AgentId }>({
      name: 'simple_messaging.last_agent',
      text: `select m.agent from (
          select id from simple_messaging.conversations
          where contact = $1 and opened_at >= $3
          union
          select id from simple_messaging.conversations
          where visitor = $2 and opened_at >= $3
        ) c cross join lateral (
          select agent, at from simple_messaging.messages
          where conversation = c.id and sender = 'agent' order by number desc limit 1
        ) m order by m.at desc limit 1`,
      values: [contact ?? null, visitor ?? null, new Date(since)],
    });
    return row?.agent;
  }

  /** What the media director has not answered yet, oldest first. */
  async directorCalls(): Promise<DirectorCall[]> {
    const rows = await this.#database.query<{
      work_item: WorkItemId;
      conversation: ConversationId;
      call: DirectorCall['call'];
      submission: PlannedSubmission | null;
    }>({ text: 'select * from simple_messaging.outbox order by at, call desc' });
    return rows.map(({ work_item: workItem, conversation, call, submission }) =>
      call === 'submit' && submission
        ? { workItem, conversation, call, submission }
        : { workItem, conversation, call: call === 'abandon' ? 'abandon' : 'customer-wrote' },
    );
  }

  /** The director has answered. */
  async settle({ workItem, call }: DirectorCall): Promise<void> {
    await this.#database.query({
      name: 'simple_messaging.settle',
      text: 'delete from simple_messaging.outbox where work_item = $1 and call = $2',
      values: [workItem, call],
    });
  }

  /** How far a journal of another room has been followed. */
  async followed(stream: string): Promise<number | undefined> {
    const [row] = await this.#database.query<{ position: number }>({
      text: 'select position from simple_messaging.followed where stream = $1',
      values: [stream],
    });
    return row?.position;
  }

  /** Conversations that wait for the contact directory, newest first. */
  async unmatched(limit: number): Promise<ConversationId[]> {
    const rows = await this.#database.query<{ id: ConversationId }>({
      text: `select id from simple_messaging.conversations
        where contact is null and contact_candidate is not null order by id desc limit $1`,
      values: [limit],
    });
    return rows.map((row) => row.id);
  }

  /** The directory will never match these: their address is none it takes. */
  async giveUpMatching(conversation: ConversationId): Promise<void> {
    await this.#database.query({
      text: 'update simple_messaging.conversations set contact_candidate = null where id = $1',
      values: [conversation],
    });
  }

  /**
   * Erases what a person said and was, in all their conversations; what remains is that they took
   * place. Stores in the same transaction how far the directory has been followed.
   */
  erase(
    contact: ContactId,
    followed: { stream: string; position: number },
  ): Promise<ConversationId[]> {
    return this.#database.transaction(async (tx) => {
      const erased = await tx.query<{ id: ConversationId }>({
        text: `update simple_messaging.conversations set customer_name = '', customer_address = null,
          visitor = null, language = null, page = null where contact = $1 returning id`,
        values: [contact],
      });
      const ids = erased.map((row) => row.id);
      await tx.query({
        text: `update simple_messaging.messages set text = '' where conversation = any($1::uuid[])`,
        values: [ids],
      });
      await tx.query({
        text: `update simple_messaging.notes set note = '' where conversation = any($1::uuid[])`,
        values: [ids],
      });
      await writeFollowed(tx, [followed]);
      return ids;
    });
  }
}

/** Stores how far other rooms' journals have been followed. */
export async function writeFollowed(
  tx: Transaction,
  followed: readonly { readonly stream: string; readonly position: number }[],
): Promise<void> {
  await tx.query({
    name: 'simple_messaging.write_followed',
    text: `insert into simple_messaging.followed (stream, position)
      select * from unnest($1::text[], $2::bigint[])
      on conflict (stream) do update set position = excluded.position`,
    values: [followed.map((f) => f.stream), followed.map((f) => f.position)],
  });
}
