import type { Transaction } from '#platform/database/database.ts';
import type { Change, Thread } from '../thread.ts';

type Conversation = Thread['conversation'];
import { writeFollowed } from './tables.ts';

type Of<T extends Change['type']> = Extract<Change, { type: T }>;

/**
 * Writes the changes of a whole batch: one statement for each kind that occurs. Running it again with
 * the same changes changes nothing. Within one kind the last state of a conversation counts, and
 * conversations are inserted before whatever refers to them, so their order needs no other care.
 */
export async function writeChanges(tx: Transaction, changes: readonly Change[]): Promise<void> {
  const of = <T extends Change['type']>(type: T): Of<T>[] =>
    changes.filter((change): change is Of<T> => change.type === type);

  const opened = of('conversation-opened');
  if (opened.length > 0) await insertConversations(tx, opened);
  const posted = of('message-posted');
  if (posted.length > 0) await insertMessages(tx, posted);
  const changed = new Map(
    of('conversation-changed').map(({ conversation }) => [conversation.id, conversation]),
  );
  if (changed.size > 0) await updateConversations(tx, [...changed.values()]);
  for (const left of of('address-left')) await updateAddress(tx, left);
  const notes = of('note-added');
  if (notes.length > 0) await insertNotes(tx, notes);
  const calls = of('director-call');
  if (calls.length > 0) await insertCalls(tx, calls);
  const followed = new Map(of('followed').map((change) => [change.stream, change]));
  if (followed.size > 0) await writeFollowed(tx, [...followed.values()]);
}

async function insertConversations(
  tx: Transaction,
  opened: readonly Of<'conversation-opened'>[],
): Promise<void> {
  const column = <T>(pick: (c: Conversation) => T): T[] =>
    opened.map(({ conversation }) => pick(conversation));
  await tx.query({
    name: 'simple_messaging.insert_conversations',
    text: `insert into simple_messaging.conversations (id, interaction, channel, entry_point,
        contact_candidate, customer_name, customer_address, visitor, language, page, offline,
        opened_at, work_item)
      select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::timestamptz[],
        $13::uuid[])
      on conflict do nothing`,
    values: [
      column((c) => c.id),
      column((c) => c.interaction),
      column((c) => c.channel),
      column((c) => c.entryPoint),
      opened.map((change) => change.candidate ?? null),
      column((c) => c.customerName),
      column((c) => c.customerAddress ?? null),
      opened.map((change) => change.visitor ?? null),
      column((c) => c.language ?? null),
      column((c) => c.page ?? null),
      column((c) => c.offline),
      column((c) => new Date(c.openedAt)),
      column((c) => c.workItem ?? null),
    ],
  });
}

/** A number given twice must fail, not vanish: only the message itself may be there already. */
async function insertMessages(
  tx: Transaction,
  posted: readonly Of<'message-posted'>[],
): Promise<void> {
  await tx.query({
    name: 'simple_messaging.insert_messages',
    text: `insert into simple_messaging.messages (conversation, number, id, sender, agent, text, at)
      select conversation, number, id, sender, agent, text, to_timestamp(at / 1000)
      from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::float8[]) as m (conversation, number, id, sender, agent, text, at)
      on conflict (conversation, id) do nothing`,
    values: [
      posted.map(({ message }) => message.conversation),
      posted.map(({ message }) => message.number),
      posted.map(({ message }) => message.id),
      posted.map(({ message }) => message.from),
      posted.map(({ message }) => message.agent ?? null),
      posted.map(({ message }) => message.text),
      posted.map(({ message }) => message.at),
    ],
  });
}

async function updateConversations(
  tx: Transaction,
  changed: readonly Conversation[],
): Promise<void> {
  await tx.query({
    name: 'simple_messaging.update_conversations',
    text: `update simple_messaging.conversations c set contact = n.contact, ended_at = n.ended_at,
        ended_by = n.ended_by, work_item = n.work_item, owner = n.owner, offline = n.offline,
        customer_delivered = n.customer_delivered, customer_read = n.customer_read,
        agent_delivered = n.agent_delivered, agent_read = n.agent_read
      from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::text[],
        $7::integer[], $8::integer[], $9::integer[], $10::integer[], $11::boolean[])
        as n (id, contact, ended_at, ended_by, work_item, owner, customer_delivered, customer_read,
          agent_delivered, agent_read, offline)
      where c.id = n.id`,
    values: [
      changed.map((c) => c.id),
      changed.map((c) => c.contact ?? null),
      changed.map((c) => (c.endedAt === undefined ? null : new Date(c.endedAt))),
      changed.map((c) => c.endedBy ?? null),
      changed.map((c) => c.workItem ?? null),
      changed.map((c) => c.owner ?? null),
      changed.map((c) => c.marks.customerDelivered),
      changed.map((c) => c.marks.customerRead),
      changed.map((c) => c.marks.agentDelivered),
      changed.map((c) => c.marks.agentRead),
      changed.map((c) => c.offline),
    ],
  });
}

async function updateAddress(
  tx: Transaction,
  { conversation, candidate }: Of<'address-left'>,
): Promise<void> {
  await tx.query({
    name: 'simple_messaging.update_address',
    text: `update simple_messaging.conversations set customer_name = $2, customer_address = $3,
        contact_candidate = $4 where id = $1`,
    values: [
      conversation.id,
      conversation.customerName,
      conversation.customerAddress ?? null,
      candidate ?? null,
    ],
  });
}

async function insertNotes(tx: Transaction, notes: readonly Of<'note-added'>[]): Promise<void> {
  await tx.query({
    name: 'simple_messaging.insert_notes',
    text: `insert into simple_messaging.notes (conversation, id, agent, note, at)
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
      on conflict do nothing`,
    values: [
      notes.map((n) => n.conversation),
      notes.map((n) => n.id),
      notes.map((n) => n.agent),
      notes.map((n) => n.note),
      notes.map((n) => new Date(n.at)),
    ],
  });
}

async function insertCalls(tx: Transaction, calls: readonly Of<'director-call'>[]): Promise<void> {
  await tx.query({
    name: 'simple_messaging.insert_calls',
    text: `insert into simple_messaging.outbox (work_item, call, conversation, submission, at)
      select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[], $5::timestamptz[])
      on conflict do nothing`,
    values: [
      calls.map(({ call }) => call.workItem),
      calls.map(({ call }) => call.call),
      calls.map(({ call }) => call.conversation),
      calls.map(({ call }) => (call.call === 'submit' ? JSON.stringify(call.submission) : null)),
      calls.map(({ at }) => new Date(at)),
    ],
  });
}
