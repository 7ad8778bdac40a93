import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { EmailConversation } from '#domain/email/email.ts';
import type { TemplateField } from '#domain/email/template-fields.ts';
import type { AgentId, MailboxId } from '#domain/ids.ts';
import type { FieldValues } from '../rules/template.ts';
import { organisationOf } from './organisation.ts';
import { writtenDate } from './phrases.ts';

/** Whose letter it is, and to whom. */
export interface FieldFacts {
  readonly configuration: Configuration;
  readonly clock: Clock;
  /** Left out: it is sent by itself. */
  readonly agent: AgentId | undefined;
  readonly conversation: EmailConversation;
  readonly mailbox: MailboxId;
}

/** What the fields of templates and signatures stand for. */
export function fieldsOf(facts: FieldFacts): FieldValues {
  const { configuration, clock, agent, conversation, mailbox } = facts;
  const { name, language, timeZone } = organisationOf(configuration);
  const writer = agent && configuration.get('agent', agent);
  const from = configuration.get('mailbox', mailbox);
  const { customer, queue, subject } = conversation;
  const values: Readonly<Record<TemplateField, string | undefined>> = {
    'agent.name': writer?.name,
    'agent.email': writer?.email,
    'customer.name': customer.name || customer.address,
    'customer.address': customer.address,
    'mailbox.name': from?.name,
    'mailbox.address': from?.address,
    'queue.name': queue && configuration.get('queue', queue)?.name,
    'organisation.name': name,
    subject,
    date: writtenDate(clock.now(), conversation.language ?? language, timeZone),
  };
  return new Map(Object.entries(values));
}
