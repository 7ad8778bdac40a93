import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Attachment } from '#domain/email/email.ts';
import type { AgentId, DraftId } from '#domain/ids.ts';
import { CHUNK_BYTES } from './contract/common.ts';
import type { WRITING_METHODS } from './contract/writing.ts';
import type { emailMediaStore } from './contract.ts';
import { htmlOfText } from './mime/html-writer.ts';
import { cleanHtml } from './mime/clean-html.ts';
import { fileName } from './mime/file-name.ts';
import { attachmentOf } from './out/attachment.ts';
import type { Correspondence } from './out/correspondence.ts';
import type { StoredAttachment } from './out/outgoing.ts';
import { fillFields, onOneLine, versionFor } from './rules/template.ts';
import type { Scanner } from './scan/clamd.ts';
import type { Blobs } from './tables/blobs.ts';
import type { DraftTables, StoredDraft } from './tables/drafts.ts';
import type { Drafts } from './writing/drafts.ts';
import { fieldsOf } from './writing/fields.ts';
import { organisationOf } from './writing/organisation.ts';
import type { SendDraft } from './writing/send-draft.ts';
import { Uploads } from './writing/uploads.ts';

export interface WritingParts {
  readonly configuration: Configuration;
  readonly correspondence: Correspondence;
  readonly drafts: Drafts;
  readonly draftTables: DraftTables;
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  readonly clock: Clock;
  readonly sending: SendDraft;
  /** Left out: files are not scanned. */
  readonly scanner: Scanner | undefined;
  /** Whether what a scanner could not look at may be sent. */
  readonly sendUnscanned: boolean;
}

type Methods = Implementation<typeof emailMediaStore>['methods'];

/** RFC 6838 §4.2. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/;

/** What agents write, and what becomes of it. */
export function writingMethods(
  parts: WritingParts,
): Omit<Pick<Methods, keyof typeof WRITING_METHODS>, 'writing'> {
  const { clock, configuration, correspondence, drafts, draftTables, blobs, uploads, sending } =
    parts;

  const fileOf = async (
    draft: DraftId,
    agent: AgentId,
    id: string,
  ): Promise<StoredAttachment | undefined> =>
    (await drafts.find(draft, agent)).attachments.find((file) => file.id === id);

  return {
    beginDraft: async (params) => ({ draft: await drafts.begin(params) }),
    compose: async ({ id, to, queue, contact, language, ...beginning }) => ({
      draft: await drafts.compose(id, { ...beginning, queue, contact, language }, to),
    }),
    readDraft: async ({ draft, agent }) => ({ draft: await drafts.read(draft, agent) }),
    drafts: async ({ agent, conversation }) => ({
      drafts: await drafts.ofAgent(agent, conversation),
    }),
    saveDraft: async ({ draft, agent, revision, body }) => ({
      draft: await drafts.save(draft, agent, revision, body),
    }),
    discardDraft: async ({ draft, agent }) => {
      await drafts.discard(draft, agent);
      return {};
    },
    attach: async ({ draft, agent, id, inline, offset, bytes, last, ...file }) => {
      const stored = await drafts.find(draft, agent);
      const there = stored.attachments.find((file) => file.id === id);
      if (there) return { attachment: attachmentOf(there), offset: there.size };
      const taken = await uploads.take(Uploads.key(draft, id), {
        agent,
        offset,
        bytes: Buffer.from(bytes, 'base64'),
        last,
        most: mostOf(configuration, stored),
      });
      if (!taken.blob) return { offset: taken.offset };
      const { id: blob, size } = taken.blob;
      const type = mediaTypeOf(file.type);
      const name = fileName(file.name, type, stored.attachments.length + 1);
      const scan = await scanned(parts, blob, name);
      const contentId = inline ? { contentId: `${id}@${draft}` } : {};
      const attachment = { id, name, type, size, inline, ...contentId, scan, blob };
      await draftTables.attach(draft, attachment);
      return { attachment: attachmentOf(attachment), offset: size };
    },
    detach: async ({ draft, agent, id }) => {
      await drafts.find(draft, agent);
      uploads.forget(Uploads.key(draft, id));
      await draftTables.removeAttachment(draft, id);
      return { draft: await drafts.read(draft, agent) };
    },
    draftBytes: async ({ draft, agent, attachment, offset }) => {
      const file = await fileOf(draft, agent, attachment);
      if (!file)
        throw new Refusal('unknown-attachment', `There is no file "${attachment}"`, { attachment });
      const bytes = await blobs.piece(file.blob, offset, CHUNK_BYTES);
      const next = offset + bytes.length;
      return {
        name: file.name,
        type: file.type,
        size: file.size,
        bytes: bytes.toString('base64'),
        ...(bytes.length > 0 && next < file.size && { next }),
      };
    },
    fillTemplate: async ({ draft, agent, template }) => {
      const stored = await drafts.find(draft, agent);
      const { conversation: id, mailbox } = stored.draft;
      const conversation = await correspondence.conversation(id);
      const found = [...configuration.all('mail-template')].find(([known]) => known === template);
      if (!found || !conversation) {
        throw new Refusal('unknown-template', `There is no template "${template}"`, { template });
      }
      const { language } = organisationOf(configuration);
      const version = versionFor(found[1], [stored.language, language]);
      const values = fieldsOf({ configuration, clock, agent, conversation, mailbox });
      const subject = fillFields(version?.subject ?? '', values, onOneLine);
      const body = fillFields(version?.html ?? '', values, htmlOfText);
      return {
        subject: subject.filled,
        html: cleanHtml(body.filled, { remoteImages: true }).html,
        missing: [...new Set([...subject.missing, ...body.missing])],
      };
    },
    send: async (params) => ({ email: await sending.send(params) }),
    undo: async ({ conversation, email, agent }) => ({
      draft: await sending.undo(conversation, email, agent),
    }),
    retry: async ({ conversation, email }) => ({
      delivery: await sending.retry(conversation, email),
    }),
  };
}

/** What one more file may have: no more than one may, nor than is left of all. */
function mostOf(configuration: Configuration, { draft, attachments }: StoredDraft): number {
  const limits = configuration.get('mailbox', draft.mailbox)?.attachments;
  const taken = attachments.reduce((sum, { size }) => sum + size, 0);
  return limits ? Math.max(0, Math.min(limits.one, limits.all - taken)) : 0;
}

/** @throws {Refusal} `infected`, `not-scanned`. */
async function scanned(
  { scanner, blobs, sendUnscanned }: WritingParts,
  blob: string,
  name: string,
): Promise<Attachment['scan']> {
  if (!scanner) return 'unscanned';
  const verdict = await scanner.scan(blobs.read(blob));
  if (verdict.type === 'infected') {
    const why = `A scanner found "${verdict.found}" in "${name}"`;
    throw new Refusal('infected', why, { attachment: name });
  }
  if (verdict.type === 'unscanned' && !sendUnscanned) {
    const why = `"${name}" could not be scanned: ${verdict.why}`;
    throw new Refusal('not-scanned', why, { attachment: name });
  }
  return verdict.type;
}

/** A media type without its parameters; what is none means bytes of any kind. */
function mediaTypeOf(written: string): string {
  const type = written.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) ? type : 'application/octet-stream';
}
