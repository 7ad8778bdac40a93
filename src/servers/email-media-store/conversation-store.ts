import { ChangeWaits } from '#base/change-waits.ts';
import { messageOf } from '#base/failure.ts';
import { Replica } from '#base/replica.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { SecretKey } from '#platform/installation/secret-key.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import type { Platform } from '#platform/platform.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import type { Change, Consequence } from './changes.ts';
import { emailMediaStoreSettings } from './config.ts';
import { Contacts } from './contacts.ts';
import type { EmailFact } from './contract.ts';
import { Conversations } from './conversations.ts';
import { KeptCorrespondence } from './correspondence.ts';
import { DirectorCalls } from './director-calls.ts';
import { DirectorLink } from './director-link.ts';
import { Judging } from './judging.ts';
import { MailFiling } from './mail-filing.ts';
import { MailTraffic } from './mail-traffic.ts';
import { Passes } from './passes.ts';
import { ANSWERED_WITHIN } from './rules/may-answer.ts';
import { openMailTokens } from './rules/token.ts';
import { ConversationTables } from './tables/conversations.ts';
import { EmailTables } from './tables/emails.ts';
import { OutboxTables } from './tables/outbox.ts';
import { QuarantineTables } from './tables/quarantine.ts';
import { MIGRATIONS, SCHEMA, STREAM } from './tables/schema.ts';
import { writeChanges } from './tables/write-changes.ts';
import { threadOf } from './thread.ts';
import { ThreadWriter } from './thread-writer.ts';

/** Mails of that time count towards limits after a start; of more the newest do. */
const MOST_COUNTED = 200_000;

export interface ConversationStoreOptions {
  readonly platform: Platform;
  readonly secret: SecretKey;
  /** What was filed has these consequences; they are in the tables already. */
  readonly follows: (consequences: readonly Consequence[]) => void;
  /** A document of the configuration has changed, once all there was at a start is known. */
  readonly reconfigured: (document: StoredDocument) => void;
}

/** The conversations: what is filed, who has it, and whom it is with. Resolves once mail can be filed. */
export async function openConversationStore(options: ConversationStoreOptions) {
  const { platform, secret, follows, reconfigured } = options;
  const { clock, database, health, peers, trace } = platform;
  const settings = platform.settings(emailMediaStoreSettings);
  await using life = new AsyncDisposableStack();

  await database.migrate(SCHEMA, MIGRATIONS);
  await prepareJournal(database, SCHEMA);
  const tables = new ConversationTables(database);
  const emails = new EmailTables(database);
  const outboxTables = new OutboxTables(database);
  const tokens = openMailTokens(secret.derive('mail token'));
  const journal = life.use(
    await openJournal<Change, EmailFact>(database, {
      schema: SCHEMA,
      stream: STREAM,
      write: writeChanges,
    }),
  );

  const configuration = new Configuration();
  const configurations = life.use(peers.connect(configurationServer));
  const stopping = new AbortController();
  let isConfigured = false;
  life.defer(() => stopping.abort());
  const conversations = new Conversations(tables, settings['cached-conversations']);
  for (const stored of await tables.open()) conversations.add(threadOf(stored));
  const traffic = new MailTraffic();
  const remembered = clock.now() - settings['traffic-remembered'];
  for (const counted of await emails.traffic(remembered, MOST_COUNTED)) traffic.count(counted);
  const answered = await emails.answeredAutomatically(clock.now() - ANSWERED_WITHIN);
  for (const { mailbox, correspondent, at } of answered) {
    traffic.answered(mailbox, correspondent, at);
  }
  const writer = new ThreadWriter({
    clock,
    journal,
    conversations,
    tellDirector: (call) => calls.add(call),
  });
  const ownerWaits = new ChangeWaits<ConversationId>(clock);
  const filing = new MailFiling({
    clock,
    configuration,
    configured: () => configured(),
    tokens,
    tables: emails,
    conversations,
    traffic,
    writer,
    follows,
  });
  const quarantine = new QuarantineTables(database);
  const judging: Judging = life.use(
    new Judging({ tables: quarantine, filing, traffic, writer, clock, trace }),
  );
  await judging.load();
  const replica = life.use(
    new Replica({
      clock,
      // of one small kind: what counts is the revision that the answer comes with
      upTo: async (signal) =>
        (await configurations.call.list({ kind: 'organisation', retired: false }, { signal }))
          .revision,
      follow: (since, signal) => configurations.follow.changes({ since, signal }),
      take: (document) => {
        configuration.apply(document);
        if (document.kind === 'entry-point' || document.kind === 'mailbox') judging.routeAgain();
        if (isConfigured) reconfigured(document);
      },
      up: () => health.report('configuration', 'good'),
      failed: (error) => health.report('configuration', 'degraded', messageOf(error)),
    }),
  );
  const correspondence = new KeptCorrespondence({
    conversations,
    emails,
    outbox: outboxTables,
    writer,
    ownerWaits,
  });

  const contacts = life.use(
    new Contacts({
      directory: life.use(peers.connect(contactDirectory)),
      tables,
      conversations,
      writer,
      clock,
      trace,
      health,
      matchTimeout: settings['contact-match-timeout'],
    }),
  );
  const director = life.use(peers.connect(mediaDirector));
  const calls: DirectorCalls = life.use(
    new DirectorCalls({
      director,
      clock,
      trace,
      health,
      thread: (id) => conversations.find(id),
      contactOf: (thread) => contacts.contactOf(thread),
      accountOwnerOf: (contact) => contacts.accountOwnerOf(contact),
      settle: (all) => tables.settle(all),
    }),
  );
  for (const call of await tables.directorCalls()) calls.add(call);
  const passes = new Passes({ conversations, writer, ownerWaits });
  life.use(
    new DirectorLink({ director, tables, conversations, passes, calls, clock, trace, health }),
  );

  const configured = async (): Promise<void> => {
    await replica.loaded(stopping.signal);
    isConfigured ||= !stopping.signal.aborted;
  };
  const running = life.move();
  return {
    /** Resolves once the configuration is known, or when this is closed. */
    configured,
    isConfigured: () => isConfigured,
    calls,
    configuration,
    conversations,
    correspondence,
    emails,
    filing,
    journal,
    judging,
    outboxTables,
    quarantine,
    tables,
    tokens,
    traffic,
    writer,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
