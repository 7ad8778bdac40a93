/** A messaging store in a process of its own, under load until it is killed: tells its parent of every answer. */
import { newId } from '#base/id.ts';
import { ConversationId, EntryPointId } from '#domain/ids.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { startSimpleMessagingMediaStore } from '#servers/simple-messaging-media-store/server.ts';
import { DirectorDouble } from './director.ts';
import { ConfigurationDouble } from './set-up.ts';
import { TestCentre } from './test-centre.ts';

/** What the parent is told: a message was answered with this number. */
export interface Acknowledged {
  readonly conversation: ConversationId;
  readonly id: string;
  readonly number: number;
}

const PRODUCERS = 32;

const [url = ''] = process.argv.slice(2);
const database = await openDatabase({ url, name: 'test' });
const centre = new TestCentre();
const configuration = new ConfigurationDouble();
configuration.put('entry-point', 'web', { channel: 'web-chat', queue: 'sales' });
centre.serve(configurationServer, configuration.implementation());
centre.serve(mediaDirector, new DirectorDouble().implementation());
await startSimpleMessagingMediaStore(centre.platform('simple-messaging-media-store', { database }));
const store = centre.connect(simpleMessagingMediaStore, 'web-chat-gateway');

async function produce(): Promise<never> {
  const conversation = ConversationId.parse(newId());
  const tell = ({ id, number }: { id: string; number: number }): void =>
    void process.send?.({ conversation, id, number } satisfies Acknowledged);
  const { message } = await store.call.open({
    conversation,
    entryPoint: EntryPointId.parse('web'),
    channel: 'web-chat',
    customerName: '',
    offline: false,
    message: { id: 'first', text: 'first' },
  });
  tell(message);
  for (let count = 1; ; count++) {
    const id = `m${count}`;
    tell((await store.call.post({ conversation, id, from: 'customer', text: id })).message);
  }
}

await Promise.all(Array.from({ length: PRODUCERS }, produce));
