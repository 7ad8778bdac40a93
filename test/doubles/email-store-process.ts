/** An e-mail store in a process of its own that fetches a mailbox until it is killed: tells its parent once it has started. */
import { MailboxId } from '#domain/ids.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { startEmailMediaStore } from '#servers/email-media-store/server.ts';
import { DirectorDouble } from './director.ts';
import { ConfigurationDouble } from './set-up.ts';
import { TestCentre } from './test-centre.ts';

const MAILBOX = MailboxId.parse('support');

export interface EmailStoreOptions {
  readonly databaseUrl: string;
  /** Where the secret is kept. */
  readonly directory: string;
  readonly imapPort: number;
  /** Whose mailbox it is there; the password is `test`. */
  readonly user: string;
}

/** Starts a store that collects the mailbox `support`, with doubles of all it talks to. */
export async function startFetchingStore({
  databaseUrl,
  directory,
  imapPort,
  user,
}: EmailStoreOptions) {
  await using life = new AsyncDisposableStack();
  const database = life.use(await openDatabase({ url: databaseUrl, name: 'test' }));
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  const signIn = { type: 'password', user };
  configuration.put('mailbox', 'support', {
    address: `${user}@shop.example`,
    receive: { type: 'imap', host: '127.0.0.1', port: imapPort, security: 'none', signIn },
  });
  configuration.put('entry-point', 'support', {
    channel: 'email',
    queue: 'support',
    address: `${user}@shop.example`,
    mail: {},
  });
  life.use(centre.serve(configurationServer, configuration.implementation()));
  life.use(centre.serve(mediaDirector, director.implementation()));
  const platform = centre.platform('email-media-store', { database, directory, home: 'one' });
  life.use(await startEmailMediaStore(platform));
  const store = centre.connect(emailMediaStore, 'desktop-server');
  const kept = { mailbox: MAILBOX, use: 'receive', kind: 'password', secret: 'test' } as const;
  await store.call.setSecret({ ...kept, by: 'test' });
  const running = life.move();
  return { centre, director, store, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const [given] = process.argv.slice(2);
if (given && process.send) {
  await startFetchingStore(JSON.parse(given) as EmailStoreOptions);
  process.send('started');
}
