/** What the bench `chat` measures: gateway and store as they are, and everybody around them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Database } from '#platform/database/database.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { startSimpleMessagingMediaStore } from '#servers/simple-messaging-media-store/server.ts';
import { startWebChatGateway } from '#servers/web-chat-gateway/server.ts';
import { DirectorDouble } from '../../test/doubles/director.ts';
import { ConfigurationDouble } from '../../test/doubles/set-up.ts';
import { TestCentre } from '../../test/doubles/test-centre.ts';

const TEXT = 'Where is my parcel? It was to come on Monday, and today is Thursday.';

/** All come from one address here. */
const NO_LIMIT = 1_000_000;

/** Messages on their way, by id: called when the agent's browser has one. */
export type Arrivals = Map<string, () => void>;

/** One who writes; `acknowledged` is called for each message that was taken. */
export interface Sender {
  send(id: string): void;
  acknowledged: (id: string) => void;
}

/** Whatever takes messages from senders to the agent. */
export interface Carrier extends AsyncDisposable {
  readonly host: string;
  readonly senders: readonly Sender[];
}

/** Starts gateway and store over `database`, with widgets that have said hello. */
export async function startChat(options: {
  readonly directory: string;
  readonly database: Database;
  readonly arrivals: Arrivals;
  readonly widgets: number;
}): Promise<Carrier> {
  const { directory, database, arrivals, widgets } = options;
  await using life = new AsyncDisposableStack();
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  configuration.put('organisation', 'main', {});
  configuration.put('queue', 'sales', {});
  configuration.put('agent', 'agent-1', { login: 'agent-1', roles: ['agent'] });
  configuration.put('entry-point', 'web', { channel: 'web-chat', queue: 'sales' });
  director.logIn('agent-1');
  life.use(centre.serve(configurationServer, configuration.implementation()));
  life.use(centre.serve(mediaDirector, director.implementation()));
  const storePlatform = centre.platform('simple-messaging-media-store', { database });
  life.use(await startSimpleMessagingMediaStore(storePlatform));
  const settings = {
    'connections-per-address': NO_LIMIT,
    'connects-per-address': NO_LIMIT,
    'openings-per-address': NO_LIMIT,
    'messages-per-session': NO_LIMIT,
    'messages-per-address': NO_LIMIT,
  };
  life.use(await startWebChatGateway(centre.platform('web-chat-gateway', { directory, settings })));
  const face = createServer();
  face.on('upgrade', (...upgrade) => centre.web.get('/chat')?.upgrade?.(...upgrade));
  await once(face.listen(0, '127.0.0.1'), 'listening');
  life.defer(() => void face.close());
  const host = `127.0.0.1:${(face.address() as AddressInfo).port}`;

  const agent = life.use(await connectAgent(arrivals));
  const ending = new AbortController();
  life.defer(() => ending.abort());
  const store = centre.connect(simpleMessagingMediaStore, 'desktop-server');
  void (async () => {
    for await (const { event } of store.follow.events({ signal: ending.signal })) {
      if (event.body.type === 'message-posted') agent.tell(JSON.stringify(event.body.message));
    }
  })();

  const senders: Sender[] = [];
  for (let count = 0; count < widgets; count++) {
    const socket = new WebSocket(`ws://${host}/chat/socket`, { origin: `http://${host}` });
    life.defer(() => socket.terminate());
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'hello', entryPoint: 'web' }));
    await once(socket, 'message');
    senders.push(senderOn(socket));
  }
  const running = life.move();
  return { host, senders, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** Starts what it is compared with: the same wires, and nothing between them but `ws` and JSON. */
export async function startRelay(arrivals: Arrivals, widgets: number): Promise<Carrier> {
  await using life = new AsyncDisposableStack();
  const agent = life.use(await connectAgent(arrivals));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  life.defer(() => server.close());
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id, text } = JSON.parse((data as Buffer).toString()) as { id: string; text: string };
      agent.tell(JSON.stringify({ id, text }));
      socket.send(JSON.stringify({ type: 'ack', id }));
    });
  });
  const senders: Sender[] = [];
  for (let count = 0; count < widgets; count++) {
    const socket = new WebSocket(`ws://${host}`);
    life.defer(() => socket.terminate());
    await once(socket, 'open');
    senders.push(senderOn(socket));
  }
  const running = life.move();
  return { host, senders, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** The agent's browser, and the socket on which it is told of messages. */
async function connectAgent(
  arrivals: Arrivals,
): Promise<AsyncDisposable & { tell(message: string): void }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const browser = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  browser.on('message', (data) => {
    const { id } = JSON.parse((data as Buffer).toString()) as { id: string };
    arrivals.get(id)?.();
    arrivals.delete(id);
  });
  const [socket] = (await connected) as [WebSocket];
  return {
    tell: (message) => socket.send(message),
    async [Symbol.asyncDispose]() {
      browser.terminate();
      server.close();
    },
  };
}

function senderOn(socket: WebSocket): Sender {
  const sender: Sender = {
    send: (id) => socket.send(JSON.stringify({ type: 'message', id, text: TEXT })),
    acknowledged: () => undefined,
  };
  socket.on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as { type: string; id: string };
    if (frame.type === 'ack') sender.acknowledged(frame.id);
    else if (frame.type === 'refused') throw new Error(`Refused: ${JSON.stringify(frame)}`);
  });
  return sender;
}
