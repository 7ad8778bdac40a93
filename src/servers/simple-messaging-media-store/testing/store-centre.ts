/** A store that runs for real, with doubles of all it talks to. Only tests import this file. */
import type { ConversationId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { DirectorDouble } from '../../../../test/doubles/director.ts';
import { ConfigurationDouble, DirectoryDouble } from '../../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../../test/doubles/test-centre.ts';
import { simpleMessagingMediaStore } from '../contract.ts';
import { startSimpleMessagingMediaStore } from '../server.ts';

/** A store on a database of its own, with everybody it talks to; a test starts whom it needs. */
export async function startCentre() {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  const directory = new DirectoryDouble();
  configuration.put('entry-point', 'web', { channel: 'web-chat', queue: 'sales', priority: 3 });
  life.use(centre.serve(configurationServer, configuration.implementation()));
  const gateway = centre.connect(simpleMessagingMediaStore, 'web-chat-gateway');
  const desktop = centre.connect(simpleMessagingMediaStore, 'desktop-server');
  const running = life.move();
  return {
    centre,
    director,
    directory,
    database,
    gateway,
    desktop,
    serveDirector: () => running.use(centre.serve(mediaDirector, director.implementation())),
    serveDirectory: () => running.use(centre.serve(contactDirectory, directory.implementation())),
    /** Starts the store; what it returns stops it before the rest. */
    startStore: async () => {
      const platform = centre.platform('simple-messaging-media-store', { database });
      const store = running.use(await startSimpleMessagingMediaStore(platform));
      return () => store[Symbol.asyncDispose]();
    },
    head: async (conversation: ConversationId) =>
      (await gateway.call.read({ conversation, since: 0 })).conversation,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** Resolves with what `look` finds, once it finds something. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not come about within 20 s');
}
