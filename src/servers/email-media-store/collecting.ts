/** Everything between mailboxes' servers and filing, put together. */
import { Gauge } from 'prom-client';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Platform } from '#platform/platform.ts';
import { prepareLeases } from '#platform/database/lease.ts';
import { Collectors } from './collector/collectors.ts';
import type { Credentials } from './credentials.ts';
import type { Filing } from './filing.ts';
import { Intake } from './intake.ts';
import { mailboxMethods } from './mailbox-methods.ts';
import type { MailboxMethodsParts } from './mailbox-methods.ts';
import { ThreadedReader } from './mime/threaded-reader.ts';
import { openMailSource } from './open-mail-source.ts';
import { PushedMail } from './pushed-mail.ts';
import { MailReading } from './read-mails.ts';
import { Reconciling } from './reconcile/reconciling.ts';
import type { Secrets } from './secrets.ts';
import { Suspects } from './suspects.ts';
import { Blobs } from './tables/blobs.ts';
import { CheckTables } from './tables/check-tables.ts';
import { ReceivedCounts } from './tables/received-counts.ts';
import { ReceivedTables } from './tables/received-tables.ts';

export interface CollectingOptions {
  readonly platform: Pick<
    Platform,
    'clock' | 'database' | 'health' | 'home' | 'instance' | 'metrics' | 'trace'
  >;
  readonly configuration: Configuration;
  readonly secrets: Secrets;
  readonly credentials: Credentials;
  readonly filing: Filing;
  /** Megabytes for the texts of messages that are read (default: enough for any). */
  readonly heap?: number;
}

/** What the administrators' methods need beside. */
export type MailboxFacts = Pick<MailboxMethodsParts, 'figures' | 'problemSending' | 'trySending'>;

/** Mail as it is taken in. */
export interface Collecting extends AsyncDisposable {
  readonly intake: Intake;
  readonly collectors: Collectors;
  readonly reconciling: Reconciling;
  /** Takes what servers bring by themselves. */
  readonly pushed: PushedMail;
  /** Mailboxes may have changed: called when the configuration is known, and after each change of it. */
  configured(): void;
  methods(facts: MailboxFacts): ReturnType<typeof mailboxMethods>;
}

/** Begins to read and file what is stored already; mailboxes are looked at once they are `configured`. */
export async function openCollecting(options: CollectingOptions): Promise<Collecting> {
  const { platform, configuration, secrets, credentials, filing } = options;
  const { clock, database, health, trace } = platform;
  await using life = new AsyncDisposableStack();
  await prepareLeases(database);
  const tables = new ReceivedTables(database);
  const counts = new ReceivedCounts(database);
  const blobs = new Blobs(database);
  const { heap } = options;
  const reader = (): ThreadedReader =>
    life.use(new ThreadedReader({ clock, ...(heap === undefined ? {} : { heap }) }));
  const reading = new MailReading({ reader: reader(), aside: reader(), blobs, tables, trace });
  const intake = life.use(new Intake({ clock, tables, reading, filing, trace, health }));
  const offer: Intake['offer'] = (mails) => intake.offer(mails);
  const suspectsOf = new Map<MailboxId, Suspects>();
  const collectors = life.use(
    new Collectors({
      ...platform,
      tables,
      blobs,
      offer,
      open: async (mailbox, receive, signal) => {
        const credential = await credentials.of(mailbox, 'receive', receive.signIn);
        const suspects = suspectsOf.get(mailbox) ?? new Suspects(clock);
        suspectsOf.set(mailbox, suspects);
        return openMailSource(receive, { credential, clock, signal, suspects });
      },
    }),
  );
  life.use(secrets.onSet((mailbox) => collectors.restart(mailbox)));
  const reconciling = life.use(
    new Reconciling({
      clock,
      tables: new CheckTables(database),
      counts,
      blobs,
      health,
      trace,
      mailboxes: () => configuration.all('mailbox').keys(),
      collectorOf: (mailbox) => collectors.of(mailbox),
    }),
  );
  life.use(measureMailboxes(platform, collectors));
  const running = life.move();
  return {
    intake,
    collectors,
    reconciling,
    pushed: new PushedMail({ tables, blobs, clock, offer, configuration }),
    configured: () => collectors.update(configuration.all('mailbox')),
    methods: (facts) =>
      mailboxMethods({
        clock,
        configuration,
        collectors,
        credentials,
        secrets,
        received: tables,
        counts,
        reconciling,
        intake,
        ...facts,
      }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const NAME = 'emcee_email_media_store_mailboxes';

/** How many mailboxes fare how, for Prometheus. */
function measureMailboxes(
  { metrics }: Pick<Platform, 'metrics'>,
  collectors: Collectors,
): Disposable {
  const gauge = new Gauge({
    name: NAME,
    help: 'Mailboxes, by how they fare',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const [state, count] of collectors.counts()) this.set({ state }, count);
    },
  });
  return {
    [Symbol.dispose]() {
      gauge.reset();
      metrics.removeSingleMetric(NAME);
    },
  };
}
