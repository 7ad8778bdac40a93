import type { Transaction } from '#platform/database/database.ts';
import type { Change } from '../changes.ts';
import type { StoredConversation, StoredEmail } from '../thread.ts';
import { wordsOf } from '../rules/words.ts';
import { writeMerge } from './merge-tables.ts';
import { writeOutChanges } from './outbox.ts';
import { dropQuarantined, releaseEmails, writeQuarantined } from './quarantine.ts';
import { markDone } from './received-tables.ts';

type Of<T extends Change['type']> = Extract<Change, { type: T }>;

/**
 * Writes the changes of a whole batch: one statement for each kind that occurs, with all its rows as one
 * JSON array. Running it again with the same changes changes nothing. Of a conversation the last state
 * counts; what is inserted comes before whatever moves it.
 */
export async function writeChanges(tx: Transaction, changes: readonly Change[]): Promise<void> {
  const of = <T extends Change['type']>(type: T): Of<T>[] =>
    changes.filter((change): change is Of<T> => change.type === type);

  const changed = new Map(
    of('conversation-changed').map(({ stored }) => [stored.conversation.id, stored]),
  );
  // What is opened and changed in one go is written once, as it stands then
  const opened = of('conversation-opened').map(
    ({ stored }) => changed.get(stored.conversation.id) ?? stored,
  );
  for (const { conversation } of opened) changed.delete(conversation.id);
  if (opened.length > 0) await insertConversations(tx, opened);
  const quarantined = of('mail-quarantined');
  const emails = of('email-filed').map(({ stored }) => stored);
  if (emails.length > 0) await insertEmails(tx, emails);
  if (quarantined.length > 0) await writeQuarantined(tx, quarantined);
  const released = of('mail-released').map(({ stored }) => stored);
  if (released.length > 0) await releaseEmails(tx, released);
  if (changed.size > 0) await updateConversations(tx, [...changed.values()]);
  const roots = of('thread-root');
  if (roots.length > 0) await insertRoots(tx, roots);
  const notes = of('note-added');
  if (notes.length > 0) await insertNotes(tx, notes);
  const consequences = of('consequence');
  if (consequences.length > 0) await insertConsequences(tx, consequences);
  for (const merge of of('conversation-merged')) await writeMerge(tx, merge);
  const done = of('mail-done');
  if (done.length > 0) await markAsDone(tx, done);
  const dropped = of('mail-dropped');
  if (dropped.length > 0) await dropQuarantined(tx, dropped);
  const out = of('out').map(({ change }) => change);
  if (out.length > 0) await writeOutChanges(tx, out);
  const calls = of('director-call');
  if (calls.length > 0) await insertCalls(tx, calls);
  const followed = new Map(of('followed').map((change) => [change.stream, change]));
  if (followed.size > 0) await writeFollowed(tx, [...followed.values()]);
}

const instant = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at);

/** What can change of a conversation. */
const changing = ({ conversation, kept }: StoredConversation): Record<string, unknown> => ({
  id: conversation.id,
  entry_point: conversation.entryPoint,
  queue: conversation.queue,
  contact: conversation.contact,
  customer_name: conversation.customer.name,
  customer_address: conversation.customer.address,
  subject: conversation.subject,
  language: conversation.language,
  participants: kept.participants,
  thread_roots: kept.threadRoots,
  ended_at: instant(conversation.endedAt),
  ended_by: conversation.endedBy,
  work_item: conversation.workItem,
  owner: conversation.owner,
  last_owner: kept.lastOwner,
  further: kept.further,
  last_number: conversation.lastNumber,
  read_number: conversation.readNumber,
  customer_wrote_at: instant(kept.customerWroteAt),
  reopened: kept.reopened.map((at) => new Date(at)),
  contact_candidate: kept.candidate,
});

const CHANGING = `id uuid, entry_point text, queue text, contact uuid, customer_name text,
  customer_address text, subject text, language text, participants text[], thread_roots text[],
  ended_at timestamptz, ended_by text, work_item uuid, owner text, last_owner text, further jsonb,
  last_number integer, read_number integer, customer_wrote_at timestamptz, reopened timestamptz[],
  contact_candidate uuid`;

const columns = (definition: string): string[] =>
  definition.split(',').map((column) => column.trim().split(' ')[0] ?? '');

const COLUMNS = columns(CHANGING);
const PERSONAL = new Set([
  'customer_name',
  'customer_address',
  'subject',
  'language',
  'participants',
]);

async function insertConversations(
  tx: Transaction,
  opened: readonly StoredConversation[],
): Promise<void> {
  const rows = opened.map((stored) => ({
    ...changing(stored),
    interaction: stored.conversation.interaction,
    mailbox: stored.conversation.mailbox,
    opened_at: instant(stored.conversation.openedAt),
  }));
  await tx.query({
    name: 'email.insert_conversations',
    text: `insert into email.conversations (${COLUMNS.join(', ')}, interaction, mailbox, opened_at)
      select ${COLUMNS.join(', ')}, interaction, mailbox, opened_at
      from json_to_recordset($1::json)
        as n (${CHANGING}, interaction uuid, mailbox text, opened_at timestamptz)
      on conflict do nothing`,
    values: [JSON.stringify(rows)],
  });
}

/** An erased conversation stays as empty as it was made: what is in memory may not know of it yet. */
async function updateConversations(
  tx: Transaction,
  changed: readonly StoredConversation[],
): Promise<void> {
  const assignments = COLUMNS.slice(1).map((column) =>
    PERSONAL.has(column)
      ? `${column} = case when c.erased then c.${column} else n.${column} end`
      : `${column} = n.${column}`,
  );
  await tx.query({
    name: 'email.update_conversations',
    text: `update email.conversations c set ${assignments.join(', ')}
      from json_to_recordset($1::json) as n (${CHANGING}) where c.id = n.id`,
    values: [JSON.stringify(changed.map(changing))],
  });
}

const EMAIL = `id uuid, conversation uuid, number integer, direction text, mailbox text,
  message_id text, refs text[], sender_name text, sender_address text, correspondent text,
  people jsonb, subject text, sent_at timestamptz, at timestamptz, nature text, text text, html text,
  unreadable text, agent text, raw uuid, size bigint, fingerprint text, opened_work boolean,
  reasons text[], words text`;
const EMAIL_COLUMNS = columns(EMAIL);

const emailRow = (stored: StoredEmail): Record<string, unknown> => {
  const { email } = stored;
  const { replyTo, to, cc, bcc } = email;
  return {
    id: email.id,
    conversation: stored.conversation,
    number: stored.number,
    direction: email.direction,
    mailbox: email.mailbox,
    message_id: email.messageId,
    refs: stored.references,
    sender_name: email.from.name,
    sender_address: email.from.address,
    correspondent: stored.correspondent,
    people: { replyTo, to, cc, bcc },
    subject: email.subject,
    sent_at: instant(email.sentAt),
    at: instant(email.at),
    nature: email.nature,
    text: email.text,
    html: stored.html,
    unreadable: email.unreadable,
    agent: email.agent,
    raw: stored.raw,
    size: stored.size,
    fingerprint: stored.fingerprint,
    opened_work: stored.openedWork,
    reasons: stored.reasons ?? [],
    words: wordsOf(stored),
  };
};

/** A number given twice must fail, not vanish: only the e-mail itself may be there already. */
export async function insertEmails(tx: Transaction, emails: readonly StoredEmail[]): Promise<void> {
  const selected = EMAIL_COLUMNS.map((column) => (column === 'words' ? 'words::tsvector' : column));
  await tx.query({
    name: 'email.insert_emails',
    text: `insert into email.emails (${EMAIL_COLUMNS.join(', ')})
      select ${selected.join(', ')} from json_to_recordset($1::json) as n (${EMAIL})
      on conflict (id) do nothing`,
    values: [JSON.stringify(emails.map(emailRow))],
  });
  const attachments = emails.flatMap(({ email, attachments: files }) =>
    files.map(({ contentId, ...file }, place) => ({
      ...file,
      content_id: contentId,
      email: email.id,
      place,
    })),
  );
  if (attachments.length === 0) return;
  await tx.query({
    name: 'email.insert_attachments_of_emails',
    text: `insert into email.attachments
        (email, id, place, name, type, size, inline, content_id, scan, blob)
      select email, id, place, name, type, size, inline, content_id, scan, blob
      from json_to_recordset($1::json) as n (email uuid, id text, place integer, name text,
        type text, size bigint, inline boolean, content_id text, scan text, blob uuid)
      on conflict do nothing`,
    values: [JSON.stringify(attachments)],
  });
}

async function insertRoots(tx: Transaction, roots: readonly Of<'thread-root'>[]): Promise<void> {
  await tx.query({
    name: 'email.insert_thread_roots',
    text: `insert into email.thread_roots (mailbox, root, conversation)
      select * from unnest($1::text[], $2::text[], $3::uuid[]) on conflict do nothing`,
    values: [
      roots.map((r) => r.mailbox),
      roots.map((r) => r.root),
      roots.map((r) => r.conversation),
    ],
  });
}

async function insertNotes(tx: Transaction, notes: readonly Of<'note-added'>[]): Promise<void> {
  await tx.query({
    name: 'email.insert_notes',
    text: `insert into email.notes (conversation, id, agent, note, at)
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

/** @throws If one of them was filed before: nothing of the batch may happen then. */
async function markAsDone(tx: Transaction, done: readonly Of<'mail-done'>[]): Promise<void> {
  const marked = await markDone(tx, done);
  const twice = done.find(({ id, state }) => state !== 'dropped' && !marked.has(id));
  if (twice) throw new Error(`Cannot file the message "${twice.id}": it is filed already`);
}

async function insertConsequences(
  tx: Transaction,
  changes: readonly Of<'consequence'>[],
): Promise<void> {
  const rows = changes.map(({ consequence: { email, conversation, at, ...body } }) => ({
    email,
    type: body.type,
    conversation,
    body,
    at: new Date(at),
  }));
  await tx.query({
    name: 'email.insert_consequences',
    text: `insert into email.consequences (email, type, conversation, body, at)
      select email, type, conversation, body, at from json_to_recordset($1::json)
        as n (email uuid, type text, conversation uuid, body jsonb, at timestamptz)
      on conflict do nothing`,
    values: [JSON.stringify(rows)],
  });
}

async function insertCalls(tx: Transaction, calls: readonly Of<'director-call'>[]): Promise<void> {
  await tx.query({
    name: 'email.insert_calls',
    text: `insert into email.director_outbox (work_item, call, conversation, submission, at)
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

/** Stores how far other rooms' journals have been followed. */
export async function writeFollowed(
  tx: Transaction,
  followed: readonly { readonly stream: string; readonly position: number }[],
): Promise<void> {
  await tx.query({
    name: 'email.write_followed',
    text: `insert into email.followed (stream, position)
      select * from unnest($1::text[], $2::bigint[])
      on conflict (stream) do update set position = excluded.position`,
    values: [followed.map((f) => f.stream), followed.map((f) => f.position)],
  });
}
