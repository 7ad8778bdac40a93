import { Refusal } from '#base/refusal.ts';
import type { ConversationId, EmailId, QueueId } from '#domain/ids.ts';
import type { FoundEmail, emailApi } from '../api/email.ts';
import type { Caller } from '../rules/caller.ts';
import type { FileAnswer, Handlers } from '../http/handlers.ts';
import { actorOf } from '../rules/caller.ts';
import { emailPage, isShown } from '../rules/email-page.ts';
import {
  type Workplace,
  requireCentre,
  requireReadable,
  requireWriter,
  viewerFor,
} from './workplace.ts';
import { type Viewer, mayRead } from '../rules/visibility.ts';
import { API_BASE } from '../contract.ts';

/** How often a store is asked for one page of a search before the caller is told where to go on. */
const MOST_LOOKS = 20;

/** E-mail as agents and supervisors read and write it. */
export function emailHandlers(place: Workplace): Handlers<typeof emailApi> {
  const { mail, director } = place.rooms;

  /** The conversation as it goes on now, which is the one that the caller must be allowed to read. */
  const readable = async (id: ConversationId, caller: Caller): Promise<ConversationId> => {
    const { conversation } = await mail.call.current({ conversation: id });
    requireReadable(caller, conversation, place);
    return conversation;
  };
  const writable = async (id: ConversationId, caller: Caller): Promise<ConversationId> => {
    const { conversation } = await mail.call.current({ conversation: id });
    requireWriter(caller, conversation, place);
    return conversation;
  };

  return {
    async readEmails({ params, query }, caller) {
      const conversation = await readable(params.id, caller);
      return mail.call.read({ conversation, since: query.since });
    },
    async showEmail({ params: { id, email }, query }, caller) {
      const conversation = await readable(id, caller);
      const { remoteImages } = query;
      const { html } = await mail.call.html({ conversation, email, remoteImages });
      const { emails } = await mail.call.read({ conversation, email });
      const attachments = emails.flatMap((each) => each.attachments);
      return emailPage({ html, attachments, remoteImages, base: emailBase(conversation, email) });
    },
    async emailHtml({ params: { id, email }, query: { remoteImages } }, caller) {
      const conversation = await readable(id, caller);
      return mail.call.html({ conversation, email, remoteImages });
    },
    async whyEmail({ params: { id, email } }, caller) {
      const conversation = await readable(id, caller);
      return mail.call.why({ conversation, email });
    },
    async emailOriginal({ params: { id, email } }, caller) {
      const conversation = await readable(id, caller);
      return fileOf((offset) => mail.call.bytes({ conversation, email, offset }), false);
    },
    async emailAttachment({ params: { id, email, attachment } }, caller) {
      const conversation = await readable(id, caller);
      return fileOf((offset) => mail.call.bytes({ conversation, email, attachment, offset }), true);
    },
    async searchEmails({ query }, caller) {
      const { mailbox, queue, beforeAt, beforeEmail, ...rest } = query;
      const viewer = viewerFor(caller, place);
      const centre = requireCentre(place);
      const shown: FoundEmail[] = [];
      let next =
        beforeAt !== undefined && beforeEmail ? { at: beforeAt, email: beforeEmail } : undefined;
      // what a store finds may be hidden from the caller: then it is asked for what lies behind
      for (let looks = 0; looks < MOST_LOOKS; looks++) {
        const { found, more } = await mail.call.search({
          ...rest,
          mailboxes: mailbox && [mailbox],
          queues: queue && [queue],
          before: next,
        });
        for (const [index, each] of found.entries()) {
          next = { at: each.at, email: each.email };
          if (!mayRead(viewer, centre.itemOf(each.conversation))) continue;
          shown.push(each);
          if (shown.length < rest.limit) continue;
          const isMore = more || index < found.length - 1;
          return { found: shown, more: isMore, ...(isMore && { next }) };
        }
        if (!more) return { found: shown, more: false };
      }
      return { found: shown, more: true, ...(next && { next }) };
    },
    markEmails: ({ params, body }, { agent }) =>
      mail.call.mark({ conversation: params.id, agent, read: body.read }),
    async addEmailNote({ params, body }, caller) {
      const conversation = await writable(params.id, caller);
      return mail.call.addNote({ conversation, agent: actorOf(caller), ...body });
    },
    async takeEmail({ params }, { agent }) {
      await director.call.take({ item: params.id, agent });
      return {};
    },

    async beginDraft({ params, body }, caller) {
      const conversation = await writable(params.id, caller);
      const { agent } = caller;
      const { draft } = await mail.call.beginDraft({ ...body, agent, conversation });
      return draft;
    },
    async composeEmail({ body }, caller) {
      const conversation = await writable(body.conversation, caller);
      requireServed(body.queue, viewerFor(caller, place));
      const { agent } = caller;
      return (await mail.call.compose({ ...body, conversation, agent })).draft;
    },
    listDrafts: ({ query }, { agent }) => mail.call.drafts({ agent, ...query }),
    async readDraft({ params }, { agent }) {
      return (await mail.call.readDraft({ draft: params.id, agent })).draft;
    },
    async saveDraft({ params, body }, { agent }) {
      return (await mail.call.saveDraft({ draft: params.id, agent, ...body })).draft;
    },
    discardDraft: ({ params }, { agent }) => mail.call.discardDraft({ draft: params.id, agent }),
    attachToDraft: ({ params, body }, { agent }) =>
      mail.call.attach({ draft: params.id, agent, ...body }),
    async detachFromDraft({ params }, { agent }) {
      const { id, attachment } = params;
      return (await mail.call.detach({ draft: id, agent, id: attachment })).draft;
    },
    draftAttachment({ params: { id, attachment } }, { agent }) {
      return fileOf(
        (offset) => mail.call.draftBytes({ draft: id, agent, attachment, offset }),
        true,
      );
    },
    fillTemplate: ({ params, body }, { agent }) =>
      mail.call.fillTemplate({ draft: params.id, agent, ...body }),
    async writing({ params, body }, caller) {
      const conversation = await readable(params.id, caller);
      return mail.call.writing({ conversation, agent: caller.agent, ...body });
    },
    async sendDraft({ params, body }, { agent }) {
      return (await mail.call.send({ draft: params.id, agent, ...body })).email;
    },
    async undoSending({ params: { id, email } }, caller) {
      const conversation = await readable(id, caller);
      return (await mail.call.undo({ conversation, email, agent: caller.agent })).draft;
    },
    async retrySending({ params: { id, email } }, caller) {
      const conversation = await writable(id, caller);
      return (await mail.call.retry({ conversation, email })).delivery;
    },
  };
}

/** @throws {Refusal} `forbidden`: who does not serve a queue writes nothing in its name. */
function requireServed(queue: QueueId | undefined, { seesAll, serves }: Viewer): void {
  if (queue === undefined || seesAll || serves.has(queue)) return;
  throw new Refusal('forbidden', `You do not serve the queue "${queue}"`);
}

const emailBase = (conversation: ConversationId, email: EmailId): string =>
  `${API_BASE}/email-conversations/${conversation}/emails/${email}`;

interface Piece {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly bytes: string;
  readonly next?: number | undefined;
}

/** A file that its store gives out piece by piece; shown in the page only where that is safe. */
async function fileOf(
  read: (offset: number) => Promise<Piece>,
  mayShow: boolean,
): Promise<FileAnswer> {
  const first = await read(0);
  const { name, type, size } = first;
  return {
    name,
    type: mayShow && isShown(type) ? type : 'application/octet-stream',
    size,
    inline: mayShow && isShown(type),
    content: (async function* () {
      let piece = first;
      for (;;) {
        yield Buffer.from(piece.bytes, 'base64');
        if (piece.next === undefined) return;
        piece = await read(piece.next);
      }
    })(),
  };
}
