import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { CallFailure } from '#base/call-failure.ts';
import type { ConversationId } from '#domain/ids.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { DirectorDouble } from '../../../test/doubles/director.ts';
import type { Acknowledged } from '../../../test/doubles/messaging-store-process.ts';
import { ConfigurationDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { simpleMessagingMediaStore } from './contract.ts';
import { startSimpleMessagingMediaStore } from './server.ts';
import { opening } from './suite.ts';

const PROCESS = new URL('../../../test/doubles/messaging-store-process.ts', import.meta.url);
/** How long connections break, in milliseconds. */
const BREAKING = process.env['EMCEE_SOAK'] ? 30_000 : 2_000;
const KILLS = process.env['EMCEE_SOAK'] ? 30 : 3;

/** Lets a store work until it has answered `answers` messages, then kills it. */
async function killAfter(url: string, answers: number): Promise<Acknowledged[]> {
  const child = fork(PROCESS, [url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const acknowledged: Acknowledged[] = [];
  child.on('message', (message) => {
    acknowledged.push(message as Acknowledged);
    if (acknowledged.length === answers) child.kill('SIGKILL');
  });
  await exited;
  return acknowledged;
}

test(
  'kill -9 in the middle of posts: nothing acknowledged is lost, nothing is doubled, every work item reaches the director',
  async () => {
    await using life = new AsyncDisposableStack();
    const database = life.use(await testDatabase());
    const acknowledged: Acknowledged[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      acknowledged.push(...(await killAfter(database.url, 200 + 137 * (kill % 7))));
    }

    const centre = new TestCentre();
    const director = new DirectorDouble();
    const configuration = new ConfigurationDouble();
    configuration.put('entry-point', 'web', { channel: 'web-chat', queue: 'sales' });
    life.use(centre.serve(configurationServer, configuration.implementation()));
    life.use(centre.serve(mediaDirector, director.implementation()));
    const platform = centre.platform('simple-messaging-media-store', { database });
    life.use(await startSimpleMessagingMediaStore(platform));
    const store = centre.connect(simpleMessagingMediaStore, 'web-chat-gateway');

    const byConversation = Map.groupBy(acknowledged, (each) => each.conversation);
    for (const [conversation, answers] of byConversation) {
      // the client did not hear of the last ones: it sends again what it may have sent
      for (let ahead = 0; ahead < 3; ahead++) {
        const id = `m${answers.length + ahead}`;
        await store.call.post({ conversation, id, from: 'customer', text: id });
      }
      const ids: string[] = [];
      for (let since = 0, page = 500; page === 500; since += 500) {
        const { messages } = await store.call.read({ conversation, since });
        ids.push(...messages.map((message) => message.id));
        page = messages.length;
      }
      const expected = Array.from({ length: answers.length + 2 }, (_, at) => `m${at + 1}`);
      expect(ids).toEqual(['first', ...expected]);
      for (const { id, number } of answers) expect(ids[number - 1]).toBe(id);
    }

    const positions: number[] = [];
    const { position } = await store.call.position({});
    for await (const { event } of store.follow.events({ since: 0 })) {
      positions.push(event.position);
      if (event.position === position) break;
    }
    expect(positions).toEqual(Array.from({ length: position }, (_, at) => at + 1));
    await expect
      .poll(() => [...byConversation.keys()].filter((id: ConversationId) => !director.itemOf(id)))
      .toEqual([]);
  },
  KILLS * 20_000,
);

test('connections to the database that break under load lose nothing that was answered, and nothing is doubled', async () => {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const killer = life.use(await openDatabase({ url: database.url, name: 'killer' }));
  const centre = new TestCentre();
  const configuration = new ConfigurationDouble();
  configuration.put('entry-point', 'web', { channel: 'web-chat', queue: 'sales' });
  life.use(centre.serve(configurationServer, configuration.implementation()));
  life.use(centre.serve(mediaDirector, new DirectorDouble().implementation()));
  const platform = centre.platform('simple-messaging-media-store', { database });
  life.use(await startSimpleMessagingMediaStore(platform));
  const store = centre.connect(simpleMessagingMediaStore, 'web-chat-gateway');

  const end = Date.now() + BREAKING;
  const breaking = (async () => {
    for (let count = 0; Date.now() < end; count++) {
      await killer.query({
        text: `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      });
      await new Promise((resolve) => setTimeout(resolve, 20 + (count % 10) * 10));
    }
  })();
  const converse = async (): Promise<void> => {
    const given = opening('0');
    const ids = [given.message.id];
    await untilAnswered(() => store.call.open(given));
    while (Date.now() < end) {
      const id = `m${ids.length}`;
      const message = { conversation: given.conversation, id, from: 'customer', text: id } as const;
      await untilAnswered(() => store.call.post(message));
      ids.push(id);
    }
    const stored: string[] = [];
    for (let behind = -1; behind < stored.length;) {
      behind = stored.length;
      const read = () => store.call.read({ conversation: given.conversation, since: behind });
      stored.push(...(await untilAnswered(read)).messages.map((message) => message.id));
    }
    expect(stored).toEqual(ids);
  };
  await Promise.all([breaking, ...Array.from({ length: 20 }, converse)]);
}, 60_000);

/** As a gateway does it: the same again, under the same ids, until there is an answer. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
