/** An intake on a database, with a filing that notes what it is given. Only tests and benches import this file. */
import { systemClock } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import { TestCentre } from '../../../../test/doubles/test-centre.ts';
import type { Filing, ReadMail } from '../filing.ts';
import { Intake } from '../intake.ts';
import { ThreadedReader } from '../mime/threaded-reader.ts';
import { MailReading } from '../read-mails.ts';
import { Blobs } from '../tables/blobs.ts';
import { ReceivedTables, markDone } from '../tables/received-tables.ts';
import { MIGRATIONS, SCHEMA } from '../tables/schema.ts';

export interface TestIntakeOptions {
  /** Megabytes for the parser. */
  readonly heap?: number;
}

export async function startIntake(database: Database, { heap }: TestIntakeOptions = {}) {
  await using life = new AsyncDisposableStack();
  await database.migrate(SCHEMA, MIGRATIONS);
  const tables = new ReceivedTables(database);
  const blobs = new Blobs(database);
  const centre = new TestCentre();
  const platform = centre.platform('email-media-store', { database });
  const reader = (): ThreadedReader =>
    new ThreadedReader({ clock: systemClock, ...(heap ? { heap } : {}) });
  const reading = new MailReading({
    reader: life.use(reader()),
    aside: life.use(reader()),
    blobs,
    tables,
    trace: platform.trace,
  });
  const filed: ReadMail[] = [];
  const doors = { refuse: (_mail: ReadMail): boolean => false };
  const filing: Filing = {
    async file(mails) {
      if (mails.some((mail) => doors.refuse(mail))) throw new Error('Cannot file it: refused');
      await database.transaction(async (tx) => {
        const done = await markDone(
          tx,
          mails.map(({ mail, parsed }) => ({
            id: mail.id,
            state: parsed.unreadable === undefined ? 'filed' : 'unreadable',
          })),
        );
        filed.push(...mails.filter(({ mail }) => done.has(mail.id)));
      });
    },
  };
  const intake = life.use(
    new Intake({
      clock: systemClock,
      tables,
      reading,
      filing,
      trace: platform.trace,
      health: platform.health,
    }),
  );
  const running = life.move();
  let count = 0;
  return Object.assign(doors, {
    database,
    tables,
    blobs,
    filed,
    health: centre.health,
    complaints: centre.complaints,
    /** Stores messages as a collector does, and hands them on. */
    async take(mailbox: MailboxId, messages: readonly Buffer[]): Promise<void> {
      const mails = messages.map((raw) => {
        count += 1;
        return { key: `test:${count}`, receivedAt: Date.now() + count, messageId: undefined, raw };
      });
      const kept = await tables.keep({ mailbox, mails });
      intake.offer(
        kept.flatMap((each, at) =>
          each ? [{ mail: { ...each.mail, tries: 0 }, bytes: messages[at] }] : [],
        ),
      );
    },
    settled: (signal: AbortSignal) => intake.settled(signal),
    lookAgain: () => intake.lookAgain(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  });
}
