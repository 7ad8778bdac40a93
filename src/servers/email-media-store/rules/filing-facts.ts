import type { Instant } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { StoredMail } from '../stored-mail.ts';
import type { Known } from './known.ts';
import type { MailTokens } from './token.ts';

/** All that decides what becomes of an e-mail: `decideFiling(facts)` is the same for the same facts. */
export interface FilingFacts {
  readonly at: Instant;
  readonly stored: StoredMail;
  readonly mail: ParsedMail;
  /** Mailboxes, entry points, schedules and the organisation. */
  readonly configuration: Configuration;
  readonly tokens: MailTokens;
  readonly known: Known;
  /** Somebody let it out of quarantine: senders, rates and storms do not hold it again. */
  readonly released: boolean;
}
