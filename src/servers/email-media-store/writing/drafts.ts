import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Draft, DraftBody, EmailAddress, EmailConversation } from '#domain/email/email.ts';
import type { AgentId, ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';
import { attachmentOf } from '../out/attachment.ts';
import type { Beginning, Correspondence, FiledEmail } from '../out/correspondence.ts';
import {
  unknownConversation,
  unknownEmail,
  unknownMailbox,
  writtenByAnother,
} from '../refusals.ts';
import { cleanLine, cleanText } from '../mime/clean-text.ts';
import { htmlOfText } from '../mime/html-writer.ts';
import { ourAddresses } from '../rules/our-addresses.ts';
import { fillFields } from '../rules/template.ts';
import type { DraftTables, NewDraft, StoredDraft } from '../tables/drafts.ts';
import { beginLetter, subjectOf } from './begin-letter.ts';
import { fieldsOf } from './fields.ts';
import { organisationOf } from './organisation.ts';
import { recipientsOf, type Recipients } from './recipients.ts';

export interface DraftsParts {
  readonly clock: Clock;
  readonly tables: DraftTables;
  readonly correspondence: Correspondence;
  readonly configuration: Configuration;
}

/** Which draft, and who writes it. */
export interface DraftBegin {
  readonly id: DraftId;
  readonly agent: AgentId;
  readonly conversation: ConversationId;
  readonly kind: Exclude<Draft['kind'], 'new'>;
  readonly of?: EmailId | undefined;
}

/** What agents are writing, kept while they type. */
export class Drafts {
  readonly #parts: DraftsParts;

  constructor(parts: DraftsParts) {
    this.#parts = parts;
  }

  async begin({ id, agent, conversation: asked, kind, of }: DraftBegin): Promise<Draft> {
    const { tables, correspondence, configuration } = this.#parts;
    const there = await tables.draft(id);
    if (there) return owned(there, agent);
    const conversation = await correspondence.conversation(asked);
    if (!conversation) throw unknownConversation(asked);
    const filed = await (of === undefined
      ? correspondence.newest(conversation.id)
      : correspondence.filed(of));
    if (!filed || filed.email.conversation !== conversation.id) {
      throw of === undefined ? unknownConversation(asked) : unknownEmail(of); // nothing to answer
    }
    const { mailbox } = conversation;
    const subject = subjectOf(kind, filed.email.subject || conversation.subject);
    const recipients = recipientsOf(kind, filed.email, ourAddresses(configuration));
    return this.#insert({ id, agent, kind, mailbox, subject, recipients }, conversation, filed);
  }

  async compose(id: DraftId, beginning: Beginning, to: Recipients['to']): Promise<Draft> {
    const { tables, correspondence, configuration } = this.#parts;
    const { agent, mailbox } = beginning;
    const there = await tables.draft(id);
    if (there) return owned(there, agent);
    if (!configuration.get('mailbox', mailbox)) throw unknownMailbox(mailbox);
    const conversation = await correspondence.begin(beginning);
    const recipients = { to: to.map(cleanAddress), cc: [], bcc: [] };
    return this.#insert(
      { id, agent, kind: 'new', mailbox, subject: '', recipients },
      conversation,
      undefined,
    );
  }

  /**
   * A draft that is not sent yet.
   *
   * @throws {Refusal} `unknown-draft`, `not-yours`.
   */
  async find(id: DraftId, agent: AgentId): Promise<StoredDraft> {
    const stored = await this.#parts.tables.draft(id);
    if (!stored || stored.email !== undefined) throw unknownDraft(id);
    if (stored.draft.agent !== agent) throw writtenByAnother();
    return stored;
  }

  async read(id: DraftId, agent: AgentId): Promise<Draft> {
    return draftOf(await this.find(id, agent));
  }

  async ofAgent(agent: AgentId, conversation: ConversationId | undefined): Promise<Draft[]> {
    return (await this.#parts.tables.ofAgent(agent, conversation)).map(draftOf);
  }

  /** @throws {Refusal} `older` with the newer one. */
  async save(id: DraftId, agent: AgentId, revision: number, body: DraftBody): Promise<Draft> {
    const { tables, clock, configuration } = this.#parts;
    const { draft } = await this.find(id, agent);
    const isMoved = draft.mailbox !== body.mailbox;
    if (isMoved && !configuration.get('mailbox', body.mailbox)) throw unknownMailbox(body.mailbox);
    const isSaved = await tables.save(id, revision, cleanBody(body), clock.now());
    const now = await this.read(id, agent);
    if (isSaved) return now;
    throw new Refusal('older', 'It has been changed elsewhere meanwhile', { draft: now });
  }

  /** What is not there need not be discarded. */
  async discard(id: DraftId, agent: AgentId): Promise<void> {
    const stored = await this.#parts.tables.draft(id);
    if (!stored || stored.email !== undefined) return;
    if (stored.draft.agent !== agent) throw writtenByAnother();
    await this.#parts.tables.remove(id);
  }

  async #insert(
    { id, agent, kind, mailbox, subject, recipients }: NewOne,
    conversation: EmailConversation,
    of: FiledEmail | undefined,
  ): Promise<Draft> {
    const { tables, clock, configuration } = this.#parts;
    const { queue } = conversation;
    const language = conversation.language ?? organisationOf(configuration).language;
    const signature = queue && configuration.get('queue', queue)?.signature;
    const values = fieldsOf({ configuration, clock, agent, conversation, mailbox });
    const { html, attachments } = beginLetter({
      kind,
      of,
      // nobody is to see that an agent has no e-mail address of their own
      signature: fillFields(signature ?? '', values, htmlOfText, 'goes').filled,
      language,
      timeZone: organisationOf(configuration).timeZone,
    });
    const draft: NewDraft = {
      draft: {
        id,
        conversation: conversation.id,
        agent,
        kind,
        mailbox,
        ...recipients,
        subject,
        format: 'rich',
        content: html,
        savedAt: clock.now(),
        ...(of && { of: of.email.id }),
      },
      attachments: attachments.map((file, at) => ({ ...file, id: `quoted-${at + 1}` })),
      queue,
      language,
    };
    await tables.insert(draft);
    return this.read(id, agent);
  }
}

interface NewOne {
  readonly id: DraftId;
  readonly agent: AgentId;
  readonly kind: Draft['kind'];
  readonly mailbox: MailboxId;
  readonly subject: string;
  readonly recipients: Recipients;
}

export const draftOf = ({ draft, attachments }: StoredDraft): Draft => ({
  ...draft,
  attachments: attachments.map(attachmentOf),
});

function owned(stored: StoredDraft, agent: AgentId): Draft {
  if (stored.draft.agent !== agent) throw writtenByAnother();
  if (stored.email !== undefined) throw unknownDraft(stored.draft.id);
  return draftOf(stored);
}

/** What is typed goes into headers, and into tables: lines are one line each, and nothing is turned around. */
const cleanBody = (body: DraftBody): DraftBody => ({
  ...body,
  to: body.to.map(cleanAddress),
  cc: body.cc.map(cleanAddress),
  bcc: body.bcc.map(cleanAddress),
  subject: cleanLine(body.subject, body.subject.length),
  content: cleanText(body.content, body.content.length),
});

const cleanAddress = ({ name, address }: EmailAddress): EmailAddress => ({
  name: cleanLine(name, name.length),
  address: cleanLine(address, address.length),
});

const unknownDraft = (draft: DraftId): Refusal =>
  new Refusal('unknown-draft', `There is no draft "${draft}"`, { draft });
