import type { Configuration } from '#domain/configuration/configuration.ts';
import { cleanHtml } from '../mime/clean-html.ts';
import { htmlOfText } from '../mime/html-writer.ts';
import { letterText } from '../mime/letter-text.ts';
import type { Consequence } from '../changes.ts';
import { writeAcknowledgement } from '../rules/acknowledgement.ts';
import type { OutboxTables } from '../tables/outbox.ts';
import { subjectOf } from '../writing/begin-letter.ts';
import { fieldsOf } from '../writing/fields.ts';
import { organisationOf } from '../writing/organisation.ts';
import { isSendable } from '../writing/recipients.ts';
import type { Correspondence } from './correspondence.ts';
import { handIn, type HandInParts } from './hand-in.ts';
import type { Outbox } from './outbox.ts';

export interface AcknowledgeParts extends Omit<HandInParts, 'giveUpAt'> {
  readonly configuration: Configuration;
  readonly correspondence: Correspondence;
  readonly outbox: Outbox;
  readonly outboxTables: OutboxTables;
}

/**
 * Answers an e-mail by itself, with a template: what may be answered, and how often, has been decided. The
 * same again sends nothing more. Where the template or the mailbox's server is gone, nothing is sent.
 */
export async function acknowledge(
  parts: AcknowledgeParts,
  { email, answer, template: wanted }: Extract<Consequence, { type: 'acknowledge' }>,
): Promise<void> {
  const { clock, configuration, correspondence, outbox, outboxTables } = parts;
  if (await outboxTables.row(answer)) return;
  const of = await correspondence.filed(email);
  const conversation = of && (await correspondence.conversation(of.email.conversation));
  const mailbox = of && configuration.get('mailbox', of.email.mailbox);
  const template = configuration.get('mail-template', wanted);
  if (!conversation || !template || !mailbox?.enabled || !mailbox.send) return;
  const { customer } = conversation;
  if (!isSendable(customer.address)) return;
  const facts = { configuration, clock, agent: undefined, conversation, mailbox: of.email.mailbox };
  const answering = writeAcknowledgement({
    template,
    language: conversation.language,
    usualLanguage: organisationOf(configuration).language,
    answerSubject: subjectOf('reply', of.email.subject),
    values: fieldsOf(facts),
    escape: htmlOfText,
  });
  if (!answering) return;
  const { html } = cleanHtml(answering.html, { remoteImages: true });
  const { email: outgoing, row } = await handIn(
    { ...parts, giveUpAt: () => outbox.giveUpAt },
    mailbox,
    {
      id: answer,
      conversation: conversation.id,
      mailbox: of.email.mailbox,
      agent: undefined,
      to: [{ name: customer.name, address: customer.address }],
      cc: [],
      bcc: [],
      subject: answering.subject,
      text: letterText(html),
      html,
      attachments: [],
      of,
      hold: 0,
    },
  );
  await correspondence.file(outgoing, [{ type: 'handed-in', row }], () => undefined);
  outbox.handedIn(row);
}
