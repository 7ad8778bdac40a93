/** Conversations that are filed for real, with doubles of all they talk to. Only tests import this file. */
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { EmailId, MailboxId } from '#domain/ids.ts';
import type { ConversationId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { DirectorDouble } from '../../../../test/doubles/director.ts';
import { ConfigurationDouble, DirectoryDouble } from '../../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../../test/doubles/test-centre.ts';
import type { Consequence } from '../changes.ts';
import { emailMediaStore } from '../contract.ts';
import { openConversationStore } from '../conversation-store.ts';
import type { ReadMail } from '../filing.ts';
import { implementation } from '../implementation.ts';
import { readingMethods } from '../reading.ts';
import { Blobs } from '../tables/blobs.ts';
import { ReceivedTables } from '../tables/received-tables.ts';
import { MIGRATIONS, SCHEMA } from '../tables/schema.ts';
import { WritingSigns } from '../writing-signs.ts';
import { someMail } from './filing-facts.ts';
import { conversationOf, conversationsIn } from './test-tables.ts';

type Methods = Parameters<typeof implementation>[0]['methods'];

const refuse = async (): Promise<never> => {
  throw new Refusal('forbidden', 'Nobody writes or fetches here');
};

/** Seals nothing, and derives what a test can foresee. */
const SECRET = {
  seal: (text: string): string => text,
  open: (sealed: string): string => sealed,
  derive: (): Buffer => Buffer.alloc(32, 7),
};

/** Conversations on a database of their own, with everybody they talk to; a test starts whom it needs. */
export async function startCentre({ clock }: { clock?: Clock } = {}) {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  const directory = new DirectoryDouble();
  for (const id of ['support', 'billing']) {
    configuration.put('mailbox', id, {
      address: `${id}@shop.example`,
      receive: { type: 'smtp' },
      send: { host: 'mail.example.com' },
    });
    configuration.put('entry-point', id, {
      channel: 'email',
      queue: id,
      address: `${id}@shop.example`,
      mail: { acknowledgement: 'received' },
    });
  }
  configuration.put('mail-template', 'received', {
    versions: [{ language: 'en', html: '<p>Thank you</p>' }],
  });
  life.use(centre.serve(configurationServer, configuration.implementation()));
  await database.migrate(SCHEMA, MIGRATIONS);
  const received = new ReceivedTables(database);
  const blobs = new Blobs(database);
  const followed: Consequence[] = [];
  const store = centre.connect(emailMediaStore, 'desktop-server');
  const running = life.move();
  let taken = 0;
  return {
    centre,
    configuration,
    director,
    directory,
    database,
    followed,
    store,
    serveDirector: () => running.use(centre.serve(mediaDirector, director.implementation())),
    serveDirectory: () => running.use(centre.serve(contactDirectory, directory.implementation())),
    /** Opens the conversations; `stop` closes them before the rest. */
    async open() {
      const platform = centre.platform('email-media-store', { database, ...(clock && { clock }) });
      const opened = running.use(
        await openConversationStore({
          platform,
          secret: SECRET,
          follows: (some) => void followed.push(...some),
          reconfigured: () => undefined,
        }),
      );
      const { writer, conversations, tables, emails, outboxTables: outbox, journal } = opened;
      const signs = running.use(new WritingSigns(platform.clock));
      const reading = { writer, conversations, tables, emails, outbox, journal, signs };
      const some: Partial<Methods> = {
        ...readingMethods({ ...reading, database, blobs }),
        ...opened.judging.methods(),
      };
      const methods = new Proxy(some, {
        get: (target, name) => Reflect.get(target, name) ?? refuse,
      }) as Methods;
      const served = running.use(
        centre.serve(emailMediaStore, implementation({ methods, journal, signs })),
      );
      const stop = async (): Promise<void> => {
        await served[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
      };
      return Object.assign(opened, { stop });
    },
    /** A message as it was taken in and read, not yet filed. */
    async taken(
      mailbox: MailboxId,
      changes: Parameters<typeof someMail>[0] = {},
      receivedAt = Date.now(),
    ): Promise<ReadMail> {
      taken += 1;
      const raw = Buffer.from(`Message ${taken}: ${changes.text ?? ''}`);
      const mails = [{ key: `test:${taken}`, receivedAt, messageId: undefined, raw }];
      const [kept] = await received.keep({ mailbox, account: 'test', mails });
      if (!kept) throw new Error('It was not taken in');
      const parsed = someMail({
        messageId: `${newId()}@customer.example`,
        to: [{ name: '', address: `${mailbox}@shop.example` }],
        ...changes,
      });
      return { mail: kept.mail, parsed };
    },
    conversations: () => conversationsIn(database),
    conversationOf: (email: EmailId) => conversationOf(database, email),
    head: async (conversation: ConversationId) =>
      (await store.call.read({ conversation, since: 0 })).conversation,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
