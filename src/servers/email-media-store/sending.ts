import type { Health, Platform } from '#platform/platform.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Consequence } from './changes.ts';
import { emailMediaStoreSettings } from './config.ts';
import type { MailCredential } from './mail-source.ts';
import { acknowledge } from './out/acknowledge.ts';
import { Connections } from './out/connections.ts';
import type { Correspondence } from './out/correspondence.ts';
import { Outbox } from './out/outbox.ts';
import type { SmtpOutcome } from './out/smtp.ts';
import type { MailTokens } from './rules/token.ts';
import { openClamd } from './scan/clamd.ts';
import type { Blobs } from './tables/blobs.ts';
import { DraftTables } from './tables/drafts.ts';
import type { OutboxTables } from './tables/outbox.ts';
import { Drafts } from './writing/drafts.ts';
import { SendDraft } from './writing/send-draft.ts';
import { Uploads } from './writing/uploads.ts';
import { writingMethods } from './writing-methods.ts';

export interface SendingOptions {
  readonly platform: Platform;
  readonly configuration: Configuration;
  readonly correspondence: Correspondence;
  readonly outboxTables: OutboxTables;
  readonly blobs: Blobs;
  readonly tokens: MailTokens;
  /** What a mailbox's server is shown. @throws {MailFailure} If there is nothing. */
  readonly credential: (mailbox: MailboxId, signIn: MailSignIn) => Promise<MailCredential>;
}

/** What agents write and what is sent, by whom and how it fares. Sends nothing before `begin()`. */
export function openSending(options: SendingOptions) {
  const { platform, configuration, correspondence, outboxTables, blobs, tokens } = options;
  const { clock, database, health, instance, trace } = platform;
  const settings = platform.settings(emailMediaStoreSettings);
  const life = new AsyncDisposableStack();
  const connections = life.use(new Connections({ configuration, credential: options.credential }));
  const fares = new SendingHealth(health, configuration);
  const outbox = life.use(
    new Outbox({
      clock,
      trace,
      tables: outboxTables,
      correspondence,
      holder: instance,
      giveUpAfter: settings['give-up-after'],
      connect: (mailbox) => connections.connect(mailbox),
      addressOf: (mailbox) => configuration.get('mailbox', mailbox)?.address,
      read: (raw) => blobs.read(raw),
      fared: (mailbox, outcome) => fares.fared(mailbox, outcome),
      report: settings['delivery-receipts']
        ? ['FAILURE', 'DELAY', 'SUCCESS']
        : ['FAILURE', 'DELAY'],
    }),
  );
  const draftTables = new DraftTables(database);
  const drafts = new Drafts({ clock, tables: draftTables, correspondence, configuration });
  const parts = { clock, configuration, correspondence, blobs, tokens, outbox, outboxTables };
  const scanner = settings.clamd === '' ? undefined : openClamd(settings.clamd);
  const methods = writingMethods({
    clock,
    configuration,
    correspondence,
    drafts,
    draftTables,
    blobs,
    uploads: life.use(new Uploads(clock, () => blobs.writer())),
    sending: new SendDraft({ ...parts, drafts, draftTables }),
    scanner,
    sendUnscanned: settings['send-unscanned'],
  });
  return {
    methods,
    outbox,
    /** Looks at files for viruses; left out where there is none. */
    scanner,
    /** Goes on with what an earlier run left; from now on it is sent. */
    begin: () => outbox.load(),
    acknowledge: (due: Extract<Consequence, { type: 'acknowledge' }>) => acknowledge(parts, due),
    /** Notes what servers have reported. */
    deliveries: async (told: Extract<Consequence, { type: 'deliveries' }>): Promise<void> => {
      const byEmail = Map.groupBy(told.deliveries, ({ email }) => email);
      for (const [email, each] of byEmail) await outbox.reported(email, told.email, each);
    },
    /** A mailbox's settings or its secret for sending have changed. */
    async changed(mailbox: MailboxId): Promise<void> {
      await connections.forget(mailbox);
      outbox.changed(mailbox);
    },
    /** Why nothing leaves a mailbox, where that is so. */
    problemOf: (mailbox: MailboxId) => fares.problemOf(mailbox),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** How the servers fare that take mail, as the control panel shows it. */
class SendingHealth {
  readonly #health: Health;
  readonly #configuration: Configuration;
  readonly #problems = new Map<MailboxId, string>();

  constructor(health: Health, configuration: Configuration) {
    this.#health = health;
    this.#configuration = configuration;
  }

  problemOf(mailbox: MailboxId): string | undefined {
    return this.#problems.get(mailbox);
  }

  fared(mailbox: MailboxId, outcome: SmtpOutcome): void {
    const part = `sending from ${this.#configuration.nameOf('mailbox', mailbox)}`;
    if (outcome.type !== 'unreachable') {
      if (this.#problems.delete(mailbox)) this.#health.report(part, 'good');
      return;
    }
    const { what, advice } = outcome.failure;
    const words = `${what}. ${advice}`;
    if (this.#problems.get(mailbox) === words) return;
    this.#problems.set(mailbox, words);
    this.#health.report(part, 'degraded', words);
  }
}
