import type { ConversationId, EmailId } from '#domain/ids.ts';
import type { emailApi } from '../api/email.ts';
import type { FileAnswer, Handlers } from '../http/handlers.ts';
import { actorOf } from '../rules/caller.ts';
import { emailPage, isShown } from '../rules/email-page.ts';
import { type Workplace, requireWriter, requireReadable, viewerFor } from './workplace.ts';
import { mayRead } from '../rules/visibility.ts';
import { API_BASE } from '../contract.ts';

/** E-mail as agents and supervisors read and write it. */
export function emailHandlers(place: Workplace): Handlers<typeof emailApi> {
  const { mail, director } = place.rooms;

  return {
    readEmails({ params, query }, caller) {
      requireReadable(caller, params.id, place);
      return mail.call.read({ conversation: params.id, since: query.since });
    },
    async showEmail({ params: { id, email }, query }, caller) {
      requireReadable(caller, id, place);
      const { remoteImages } = query;
      const { html } = await mail.call.html({ conversation: id, email, remoteImages });
      const { emails } = await mail.call.read({ conversation: id, email });
      const attachments = emails.flatMap((each) => each.attachments);
      return emailPage({ html, attachments, remoteImages, base: emailBase(id, email) });
    },
    emailHtml({ params: { id, email }, query: { remoteImages } }, caller) {
      requireReadable(caller, id, place);
      return mail.call.html({ conversation: id, email, remoteImages });
    },
    whyEmail({ params: { id, email } }, caller) {
      requireReadable(caller, id, place);
      return mail.call.why({ conversation: id, email });
    },
    emailOriginal({ params: { id, email } }, caller) {
      requireReadable(caller, id, place);
      return fileOf((offset) => mail.call.bytes({ conversation: id, email, offset }), false);
    },
    emailAttachment({ params: { id, email, attachment } }, caller) {
      requireReadable(caller, id, place);
      return fileOf(
        (offset) => mail.call.bytes({ conversation: id, email, attachment, offset }),
        true,
      );
    },
    async searchEmails({ query }, caller) {
      const { mailbox, queue, beforeAt, beforeEmail, ...rest } = query;
      const viewer = viewerFor(caller, place);
      const { found, more } = await mail.call.search({
        ...rest,
        mailboxes: mailbox && [mailbox],
        queues: queue && [queue],
        before:
          beforeAt !== undefined && beforeEmail ? { at: beforeAt, email: beforeEmail } : undefined,
      });
      const readable = found.filter(({ conversation }) =>
        mayRead(viewer, place.centre.itemOf(conversation)),
      );
      return { found: readable, more };
    },
    markEmails: ({ params, body }, { agent }) =>
      mail.call.mark({ conversation: params.id, agent, read: body.read }),
    addEmailNote({ params, body }, caller) {
      requireWriter(caller, params.id, place);
      return mail.call.addNote({ conversation: params.id, agent: actorOf(caller), ...body });
    },
    async takeEmail({ params }, { agent }) {
      await director.call.take({ item: params.id, agent });
      return {};
    },

    async beginDraft({ params, body }, caller) {
      requireReadable(caller, params.id, place);
      const { agent } = caller;
      const { draft } = await mail.call.beginDraft({ ...body, agent, conversation: params.id });
      return draft;
    },
    async composeEmail({ body }, { agent }) {
      return (await mail.call.compose({ ...body, agent })).draft;
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
    writing({ params, body }, caller) {
      requireReadable(caller, params.id, place);
      return mail.call.writing({ conversation: params.id, agent: caller.agent, ...body });
    },
    async sendDraft({ params, body }, { agent }) {
      return (await mail.call.send({ draft: params.id, agent, ...body })).email;
    },
    async undoSending({ params: { id, email } }, caller) {
      requireReadable(caller, id, place);
      return (await mail.call.undo({ conversation: id, email, agent: caller.agent })).draft;
    },
    async retrySending({ params: { id, email } }, caller) {
      requireReadable(caller, id, place);
      return (await mail.call.retry({ conversation: id, email })).delivery;
    },
  };
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
