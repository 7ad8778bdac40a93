import { ChangeWaits } from '#base/change-waits.ts';
import { messageOf } from '#base/failure.ts';
import { Replica } from '#base/replica.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { decideEntry } from '#domain/entry-point/decide-entry.ts';
import type { EntryPointId } from '#domain/ids.ts';
import { simpleMessagingMediaStoreSettings } from './config.ts';
import { Contacts } from './contacts.ts';
import { simpleMessagingMediaStore } from './contract.ts';
import type { MessagingFact } from './contract.ts';
import { Conversations } from './conversations.ts';
import { DirectorCalls } from './director-calls.ts';
import { DirectorLink } from './director-link.ts';
import { Facts } from './facts.ts';
import { implementation } from './implementation.ts';
import { Messaging } from './messaging.ts';
import { measure } from './metrics.ts';

import { MIGRATIONS, SCHEMA, STREAM, Tables } from './tables/tables.ts';
import { Texts } from './texts.ts';
import { threadOf } from './thread.ts';
import type { Change, PlannedSubmission } from './thread.ts';
import { TypingSigns } from './typing-signs.ts';
import { writeChanges } from './tables/write-changes.ts';

/** What was written last and stays in memory for followers: minutes of a busy centre. */
const TEXT_CHARACTERS = 8 * 1024 * 1024;

/** Who comes in by which row of the port matrix. */
const ROWS = [
  { row: 'web-chat-gateway', roles: ['web-chat-gateway'] },
  { row: 'sms-gateway', roles: ['sms-gateway'] },
  'other-gateways',
];

/** Starts the simple messaging media store; resolves once it takes messages. */
export async function startSimpleMessagingMediaStore(platform: Platform): Promise<Running> {
  const { clock, database, doors, health, metrics, peers, trace } = platform;
  const settings = platform.settings(simpleMessagingMediaStoreSettings);
  await using life = new AsyncDisposableStack();

  await database.migrate(SCHEMA, MIGRATIONS);
  await prepareJournal(database, SCHEMA);
  const tables = new Tables(database);
  const journal = life.use(
    await openJournal<Change, MessagingFact>(database, {
      schema: SCHEMA,
      stream: STREAM,
      write: writeChanges,
    }),
  );
  const configuration = new Configuration();
  const configurations = life.use(peers.connect(configurationServer));
  const replica = life.use(
    new Replica({
      clock,
      // of one small kind: what counts is the revision that the answer comes with
      upTo: async (signal) =>
        (await configurations.call.list({ kind: 'organisation', retired: false }, { signal }))
          .revision,
      follow: (since, signal) => configurations.follow.changes({ since, signal }),
      take: (document) => void configuration.apply(document),
      up: () => health.report('configuration', 'good'),
      failed: (error) => health.report('configuration', 'degraded', messageOf(error)),
    }),
  );
  const submissionFor = (id: EntryPointId, at: number): PlannedSubmission | undefined => {
    const entryPoint = configuration.get('entry-point', id);
    if (!entryPoint) return undefined;
    const schedule = entryPoint.schedule && configuration.get('schedule', entryPoint.schedule);
    const { queue, priority, requirements, serviceObjective } = decideEntry({
      entryPoint,
      schedule,
      at,
    });
    return { queue, priority, requirements, serviceObjective, enteredAt: at };
  };
  const director = life.use(peers.connect(mediaDirector));
  const conversations = new Conversations(tables, settings['cached-conversations']);
  for (const stored of await tables.open()) conversations.add(threadOf(stored));
  const texts = new Texts(TEXT_CHARACTERS);
  const messaging = new Messaging({
    clock,
    journal,
    tables,
    conversations,
    texts,
    ownerWaits: new ChangeWaits(clock),
    longestWait: settings['messages-waiting'],
    submissionFor,
    tellDirector: (call) => calls.add(call),
    addressLeft: () => contacts.lookAgain(),
  });
  const contacts = life.use(
    new Contacts({
      directory: life.use(peers.connect(contactDirectory)),
      tables,
      conversations,
      texts,
      messaging,
      clock,
      trace,
      health,
      matchTimeout: settings['contact-match-timeout'],
    }),
  );
  const calls: DirectorCalls = life.use(
    new DirectorCalls({
      director,
      clock,
      trace,
      health,
      conversation: async (id) => (await conversations.find(id))?.conversation,
      contactOf: (id) => contacts.contactOf(id),
      lastAgentOf: async (id) => {
        const thread = await conversations.find(id);
        const remembered = settings['last-agent-remembered'];
        if (!thread || remembered === 0) return undefined;
        const { conversation, visitor } = thread;
        const { contact } = conversation;
        return tables.lastAgent({ contact, visitor }, clock.now() - remembered);
      },
      accountOwnerOf: (contact) => contacts.accountOwnerOf(contact),
      turnAway: (id, why) => messaging.turnAway(id, why),
      settle: (call) => tables.settle(call),
    }),
  );
  for (const call of await tables.directorCalls()) calls.add(call);
  life.use(
    new DirectorLink({ director, tables, conversations, messaging, calls, clock, trace, health }),
  );

  life.use(
    measure({
      registry: metrics,
      journal,
      open: () => conversations.open,
      untold: () => calls.waiting,
    }),
  );
  const typing = life.use(new TypingSigns(clock));
  const facts = new Facts(journal, tables);
  const configured = (signal: AbortSignal): Promise<void> => replica.loaded(signal);
  const methods = implementation({
    messaging,
    conversations,
    tables,
    facts,
    typing,
    journal,
    configured,
  });
  life.use(await doors.rpc(simpleMessagingMediaStore, methods, ROWS));
  life.use(
    peers.dial('ids-multimedia', {
      stream: STREAM,
      async *events(since, signal) {
        for await (const event of journal.follow(since, signal)) yield { n: event.position, event };
      },
    }),
  );
  return life.move();
}
