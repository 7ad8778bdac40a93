import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { ContactId, ConversationId, EmailId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import type { Journal } from '#platform/journal/journal.ts';
import type { Change } from './changes.ts';
import { CHUNK_BYTES } from './contract/common.ts';
import type { EmailFact, emailMediaStore } from './contract.ts';
import type { Conversations } from './conversations.ts';
import { cleanHtml } from './mime/clean-html.ts';
import { notYours, unknownConversation, unknownEmail } from './refusals.ts';
import { excerptOf } from './rules/excerpt.ts';
import { parseSearch } from './rules/search-query.ts';
import type { Blobs } from './tables/blobs.ts';
import type { ConversationTables } from './tables/conversations.ts';
import { emailOf } from './tables/emails.ts';
import type { EmailTables } from './tables/emails.ts';
import type { OutboxTables } from './tables/outbox.ts';
import { findEmails } from './tables/search-tables.ts';
import { conversationOf } from './thread.ts';
import type { StoredEmail, Thread } from './thread.ts';
import type { ThreadWriter } from './thread-writer.ts';
import type { WritingSigns } from './writing-signs.ts';

/** The e-mails of one answer; whoever wants more asks again behind the last. */
const EMAILS_AT_ONCE = 100;

export interface ReadingParts {
  readonly database: Database;
  readonly conversations: Conversations;
  readonly tables: ConversationTables;
  readonly emails: EmailTables;
  readonly outbox: OutboxTables;
  readonly blobs: Blobs;
  readonly journal: Journal<Change, EmailFact>;
  readonly writer: ThreadWriter;
  readonly signs: WritingSigns;
}

type Methods = Implementation<typeof emailMediaStore>['methods'];

/** What has come in and gone out, for those who look at it. */
export function readingMethods(
  parts: ReadingParts,
): Pick<
  Methods,
  | 'current'
  | 'read'
  | 'html'
  | 'why'
  | 'bytes'
  | 'summarise'
  | 'ofContact'
  | 'search'
  | 'mark'
  | 'addNote'
  | 'position'
  | 'writing'
> {
  const { conversations, tables, emails, outbox, blobs, journal, writer, signs } = parts;

  const find = async (id: ConversationId): Promise<Thread> => {
    const thread = await conversations.find(id);
    if (!thread) throw unknownConversation(id);
    return thread;
  };
  /** An e-mail of this conversation: whoever may see one may not see all. */
  const emailIn = async (params: Parameters<Methods['why']>[0]): Promise<StoredEmail> => {
    const stored = await emails.email(params.email);
    const thread = stored && (await conversations.find(params.conversation));
    if (!thread || stored.conversation !== thread.head.id) throw unknownEmail(params.email);
    return stored;
  };

  const oneOf = async (conversation: ConversationId, email: EmailId) => {
    const stored = await emails.email(email);
    if (stored?.conversation !== conversation) return [];
    return [{ stored, hasHtml: stored.html !== undefined }];
  };

  return {
    current: async ({ conversation }) => ({
      conversation: (await conversations.find(conversation))?.head.id ?? conversation,
    }),
    read: async ({ conversation: id, since, email: only }) => {
      const { position } = journal;
      const thread = await find(id);
      const conversation = conversationOf(thread, signs.writers(thread.head.id));
      await thread.written;
      const [found, notes] = await Promise.all([
        only ? oneOf(conversation.id, only) : emails.emails(conversation.id, since, EMAILS_AT_ONCE),
        tables.notes(conversation.id),
      ]);
      const sent = found.filter(({ stored }) => stored.email.direction === 'out');
      const deliveries = await outbox.deliveries(sent.map(({ stored }) => stored.email.id));
      return {
        conversation,
        emails: found.map(({ stored, hasHtml }) =>
          emailOf(stored, deliveries.get(stored.email.id), hasHtml),
        ),
        notes: notes.map(({ agent, note, at }) => ({ agent, note, at })),
        position,
      };
    },
    html: async (params) => {
      const { html } = await emailIn(params);
      if (html === undefined) return { html: '', hasRemote: false };
      const clean = cleanHtml(html, { remoteImages: params.remoteImages });
      return { html: clean.html, hasRemote: clean.hasRemote };
    },
    why: async (params) => {
      const { email } = await emailIn(params);
      return { reasons: await emails.reasons(email.id) };
    },
    bytes: async (params) => {
      const { attachment: wanted, offset } = params;
      const stored = await emailIn(params);
      const file = fileOf(stored, wanted);
      const bytes = file.blob ? await blobs.piece(file.blob, offset, CHUNK_BYTES) : Buffer.alloc(0);
      const next = offset + bytes.length;
      return {
        name: file.name,
        type: file.type,
        size: file.size,
        bytes: bytes.toString('base64'),
        ...(bytes.length > 0 && next < file.size && { next }),
      };
    },
    summarise: async (params) => {
      const { position } = journal;
      const summaries = await tables.summaries(params.conversations);
      return {
        summaries: summaries.map(({ conversation, lastText, lastDirection }) => ({
          conversation: { ...conversation, writers: signs.writers(conversation.id) },
          lastText,
          ...(lastDirection && {
            lastFrom: lastDirection === 'in' ? ('customer' as const) : ('agent' as const),
          }),
        })),
        position,
      };
    },
    ofContact: async ({ contact, before, limit }) => ({
      conversations: await ofContact(contact, before, limit),
    }),
    search: async (params) => {
      const query = parseSearch(params.text);
      const isEmpty =
        query.words === undefined &&
        query.messageId === undefined &&
        (params.text.trim() !== '' || !hasFilter(params));
      if (isEmpty) throw new Refusal('empty-search', 'Say what to look for');
      const { mailboxes, queues, agent, contact, from, to, before, limit } = params;
      const filter = { mailboxes, queues, agent, contact, from, to, before };
      const found = await findEmails(parts.database, { ...filter, query, limit: limit + 1 });
      return {
        found: found
          .slice(0, limit)
          .map(({ text, ...email }) => ({ ...email, excerpt: excerptOf(text, query) })),
        more: found.length > limit,
      };
    },
    mark: async ({ conversation: id, agent, read }) => {
      const thread = await find(id);
      const { owner } = thread.head;
      const isTheirs = owner === agent || thread.kept.further.some((item) => item.owner === agent);
      if (!isTheirs) throw notYours(owner);
      const number = Math.min(read, thread.lastNumber);
      if (number > thread.readNumber) {
        thread.readNumber = number;
        const deed = writer.begin();
        deed.touch(thread);
        deed.facts.push({ type: 'read', conversation: thread.head.id, number });
        await writer.commit(deed);
      }
      await thread.written;
      return {};
    },
    addNote: async ({ conversation: id, id: noteId, agent, note }) => {
      const thread = await find(id);
      const conversation = thread.head.id;
      const known = await tables.notes(conversation);
      if (known.some((each) => each.id === noteId)) return {};
      const deed = writer.begin();
      const { at } = deed;
      const kept = note.replaceAll('\0', '').toWellFormed();
      deed.changes.push({ type: 'note-added', conversation, id: noteId, agent, note: kept, at });
      deed.facts.push({ type: 'note-added', conversation, id: noteId, agent });
      deed.touch(thread);
      await writer.commit(deed);
      return {};
    },
    position: async () => ({ position: journal.position }),
    writing: async ({ conversation: id, agent, writing }) => {
      const thread = await find(id);
      signs.say(thread.head.id, agent, writing);
      return {};
    },
  };

  async function ofContact(contact: ContactId, before: number | undefined, limit: number) {
    const found = await tables.ofContact(contact, before, limit);
    return found.map((conversation) => ({
      ...conversation,
      writers: signs.writers(conversation.id),
    }));
  }
}

const hasFilter = (params: Parameters<Methods['search']>[0]): boolean =>
  [params.mailboxes, params.queues, params.agent, params.contact, params.from, params.to].some(
    (given) => given !== undefined,
  );

/** @throws {Refusal} If there is no such attachment, or it would harm whoever opens it. */
function fileOf(
  { attachments, raw, size, email }: StoredEmail,
  wanted: string | undefined,
): { name: string; type: string; size: number; blob: string } {
  if (wanted === undefined) {
    return { name: `${email.id}.eml`, type: 'message/rfc822', size, blob: raw };
  }
  const file = attachments.find(({ id }) => id === wanted);
  if (!file) {
    throw new Refusal('unknown-attachment', `There is no attachment "${wanted}"`, {
      attachment: wanted,
    });
  }
  if (file.scan === 'infected') {
    throw new Refusal('infected', `A scanner has found something in "${file.name}"`, {
      attachment: wanted,
    });
  }
  return file;
}
