import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { EmailConversation } from '#domain/email/email.ts';
import type { AgentId, MailboxId } from '#domain/ids.ts';
import { htmlOfText } from '../mime/html-writer.ts';
import { organisationOf } from './organisation.ts';
import { writtenDate } from './phrases.ts';

/** Whose letter it is, and to whom. */
export interface FieldFacts {
  /** Left out: it is sent by itself. */
  readonly agent: AgentId | undefined;
  readonly conversation: EmailConversation;
  readonly mailbox: MailboxId;
}

/** What was filled in, and the fields that have no value; those stay as they are written. */
export interface Filled {
  readonly filled: string;
  readonly missing: string[];
}

/** Fills the fields of templates and signatures, written as `{{customer.name}}`. */
export class Fields {
  readonly #configuration: Configuration;
  readonly #clock: Clock;

  constructor(configuration: Configuration, clock: Clock) {
    this.#configuration = configuration;
    this.#clock = clock;
  }

  /** In HTML: values are text and stay text. */
  fillHtml(html: string, facts: FieldFacts): Filled {
    return this.#fill(html, facts, htmlOfText);
  }

  fillText(text: string, facts: FieldFacts): Filled {
    return this.#fill(text, facts, (value) => value);
  }

  #fill(template: string, facts: FieldFacts, written: (value: string) => string): Filled {
    const values = this.#values(facts);
    const missing = new Set<string>();
    const filled = template.replaceAll(/\{\{\s*([\w.-]{1,60})\s*\}\}/g, (whole, field: string) => {
      const value = values.get(field.toLowerCase());
      if (value !== undefined && value !== '') return written(value);
      missing.add(field);
      return whole;
    });
    return { filled, missing: [...missing] };
  }

  #values({ agent, conversation, mailbox }: FieldFacts): ReadonlyMap<string, string | undefined> {
    const configuration = this.#configuration;
    const { name, language, timeZone } = organisationOf(configuration);
    const writer = agent && configuration.get('agent', agent);
    const from = configuration.get('mailbox', mailbox);
    const { customer, queue, subject } = conversation;
    const now = this.#clock.now();
    return new Map([
      ['agent.name', writer?.name],
      ['agent.email', writer?.email],
      ['customer.name', customer.name || customer.address],
      ['customer.address', customer.address],
      ['mailbox.name', from?.name],
      ['mailbox.address', from?.address],
      ['queue.name', queue && configuration.get('queue', queue)?.name],
      ['organisation.name', name],
      ['subject', subject],
      ['date', writtenDate(now, conversation.language ?? language, timeZone)],
    ]);
  }
}
