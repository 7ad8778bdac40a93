import { openSecretKey } from '#platform/installation/secret-key.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { days } from '#base/time.ts';
import { MailboxId } from '#domain/ids.ts';
import { openCollecting } from './collecting.ts';
import { Consequences } from './consequences.ts';
import { emailMediaStore } from './contract.ts';
import { openConversationStore } from './conversation-store.ts';
import { Credentials } from './credentials.ts';
import { implementation } from './implementation.ts';
import { mailboxFigures } from './mailbox-figures.ts';
import { measure } from './metrics.ts';
import { openSmtp } from './out/smtp.ts';
import { readingMethods } from './reading.ts';
import { receiveSmtp } from './receive-smtp.ts';
import { scanMails } from './scan/scan-mails.ts';
import { Secrets } from './secrets.ts';
import { openSending } from './sending.ts';
import { Blobs } from './tables/blobs.ts';
import { STREAM } from './tables/schema.ts';
import { SecretTables } from './tables/secret-tables.ts';
import { WritingSigns } from './writing-signs.ts';

/** Starts the e-mail media store; resolves once it answers. Mailboxes are looked at once they are known. */
export async function startEmailMediaStore(platform: Platform): Promise<Running> {
  const { clock, database, directory, doors, health, metrics, peers, trace } = platform;
  await using life = new AsyncDisposableStack();

  const secret = openSecretKey(directory);
  const store = life.use(
    await openConversationStore({
      platform,
      secret,
      follows: (some) => consequences.add(some),
      reconfigured: ({ kind, id }) => {
        if (kind !== 'mailbox') return;
        collecting.configured();
        void sending.changed(MailboxId.parse(id));
      },
    }),
  );
  const { configuration, conversations, correspondence, journal } = store;
  const blobs = new Blobs(database);
  const secrets = new Secrets({ key: secret, tables: new SecretTables(database), clock });
  const credentials = life.use(new Credentials(secrets, clock));
  const sending = life.use(
    openSending({
      platform,
      configuration,
      correspondence,
      outboxTables: store.outboxTables,
      blobs,
      tokens: store.tokens,
      credential: (mailbox, signIn) => credentials.of(mailbox, 'send', signIn),
    }),
  );
  life.use(secrets.onSet((mailbox) => void sending.changed(mailbox)));
  const consequences = life.use(
    new Consequences({
      tables: store.tables,
      clock,
      trace,
      health,
      acknowledge: sending.acknowledge,
      deliveries: sending.deliveries,
    }),
  );
  const { scanner } = sending;
  const filing = scanner
    ? scanMails({ filing: store.filing, scanner, blobs, trace })
    : store.filing;
  const collecting = life.use(
    await openCollecting({ platform, configuration, secrets, credentials, filing }),
  );
  const begin = async (): Promise<void> => {
    await store.configured();
    if (!store.isConfigured()) return;
    await sending.begin();
    await consequences.load();
    collecting.configured();
  };
  const begun = begin().catch((error: unknown) => {
    trace.fault('e-mail.not-begun', error);
    health.report('begin', 'bad', 'Mail is neither fetched nor sent: restart this component');
  });
  life.defer(() => begun);

  const signs = life.use(new WritingSigns(clock));
  life.use(
    measure({
      registry: metrics,
      journal,
      open: () => conversations.open,
      untold: () => store.calls.waiting,
      consequences: () => consequences.waiting,
      unsent: () => sending.outbox.unsent,
    }),
  );
  const methods = {
    ...readingMethods({ ...store, outbox: store.outboxTables, database, blobs, signs }),
    ...store.judging.methods(),
    ...sending.methods,
    ...collecting.methods({
      figures: (now) =>
        mailboxFigures({ ...store, outbox: store.outboxTables, failedSince: now - days(7) }),
      problemSending: (mailbox) => sending.problemOf(mailbox),
      trySending: async (send, credential) => {
        await using smtp = openSmtp({ send, credential });
        const failure = await smtp.tryOut();
        if (failure) throw failure;
      },
    }),
  };
  life.use(
    await doors.rpc(emailMediaStore, implementation({ methods, journal, signs }), ['email-store']),
  );
  const { pushed } = collecting;
  const reception = await receiveSmtp({ platform, pushed, isConfigured: store.isConfigured });
  if (reception) life.use(reception);
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
