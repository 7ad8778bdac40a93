/** Taking mail in for real, with a filing that only notes what it is given. Only tests and benches import this file. */
import { systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { MailboxId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import { TestCentre } from '../../../../test/doubles/test-centre.ts';
import { openCollecting } from '../collecting.ts';
import { Credentials } from '../credentials.ts';
import type { Filing, ReadMail } from '../filing.ts';
import { Secrets } from '../secrets.ts';
import { Blobs } from '../tables/blobs.ts';
import { ReceivedTables } from '../tables/received-tables.ts';
import { MIGRATIONS, SCHEMA } from '../tables/schema.ts';
import { SecretTables } from '../tables/secret-tables.ts';
import { noteFiled, prepareFiled } from './filed-tables.ts';

/** Seals nothing: what is sealed is another's test. */
const OPEN = {
  seal: (text: string): string => text,
  open: (sealed: string): string => sealed,
  derive: (): Buffer => Buffer.alloc(32, 7),
};

export interface TestIntakeOptions {
  readonly clock?: Clock;
  /** Megabytes for the parser. */
  readonly heap?: number;
  /** Told of what has become durable as filed. */
  readonly filed?: (mails: readonly ReadMail[]) => void;
}

/** Two on one database are two processes. Filed messages stand in the table `filed`, as often as they were filed. */
export async function startIntake(database: Database, options: TestIntakeOptions = {}) {
  const { clock = systemClock, heap } = options;
  await using life = new AsyncDisposableStack();
  await database.migrate(SCHEMA, MIGRATIONS);
  await prepareFiled(database);
  const centre = new TestCentre();
  const platform = centre.platform('email-media-store', { database, clock });
  const configuration = new Configuration();
  const secrets = new Secrets({ key: OPEN, tables: new SecretTables(database), clock });
  const filed: ReadMail[] = [];
  const doors = { refuse: (_mail: ReadMail): boolean => false };
  const filing: Filing = {
    async file(mails) {
      if (mails.some((mail) => doors.refuse(mail))) throw new Error('Cannot file it: refused');
      const fresh = await database.transaction((tx) => noteFiled(tx, mails));
      filed.push(...fresh);
      options.filed?.(fresh);
    },
  };
  const credentials = life.use(new Credentials(secrets, clock));
  const collecting = life.use(
    await openCollecting({
      platform,
      configuration,
      secrets,
      credentials,
      filing,
      ...(heap ? { heap } : {}),
    }),
  );
  const methods = collecting.methods({
    figures: async () => new Map(),
    problemSending: () => undefined,
    trySending: async () => undefined,
  });
  const tables = new ReceivedTables(database);
  const running = life.move();
  let revision = 0;
  let count = 0;
  return Object.assign(doors, {
    ...collecting,
    methods,
    configuration,
    secrets,
    database,
    tables,
    blobs: new Blobs(database),
    filed,
    health: centre.health,
    complaints: centre.complaints,
    metrics: platform.metrics,
    /** Sets a mailbox up, or changes it; the password of its server is `test`. */
    async mailbox(id: string, body: Record<string, unknown>): Promise<MailboxId> {
      const mailbox = MailboxId.parse(id);
      await secrets.set({ mailbox, use: 'receive', kind: 'password' }, 'test', 'test');
      configuration.apply({
        kind: 'mailbox',
        id,
        revision: (revision += 1),
        retired: false,
        body: { name: id, address: `${id}@example.com`, ...body },
      });
      collecting.configured();
      return mailbox;
    },
    /** Stores messages as a collector does, and hands them on. */
    async take(mailbox: MailboxId, messages: readonly Buffer[]): Promise<void> {
      const mails = messages.map((raw) => {
        count += 1;
        return { key: `test:${count}`, receivedAt: Date.now() + count, messageId: undefined, raw };
      });
      const kept = await tables.keep({ mailbox, account: 'test', mails });
      collecting.intake.offer(
        kept.flatMap((each, at) =>
          each ? [{ mail: { ...each.mail, tries: 0 }, bytes: messages[at] }] : [],
        ),
      );
    },
    settled: (signal: AbortSignal) => collecting.intake.settled(signal),
    lookAgain: () => collecting.intake.lookAgain(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  });
}
