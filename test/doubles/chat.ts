/** A chat gateway behind a port, with a store in memory, and widgets as far as the wire can tell. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { ManualClock } from '#base/time.ts';
import { AgentId, ConversationId } from '#domain/ids.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import type { ChatMessage, ServerFrame } from '#servers/web-chat-gateway/contract.ts';
import { startWebChatGateway } from '#servers/web-chat-gateway/server.ts';
import { DirectorDouble } from './director.ts';
import { ConfigurationDouble } from './set-up.ts';
import { TestCentre } from './test-centre.ts';

export const agent1 = AgentId.parse('agent-1');

export type Of<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** A gateway behind a port, a store in memory, one agent logged in. */
export async function startChat(
  settings: Record<string, unknown> = {},
  at = Date.UTC(2026, 0, 5, 12),
) {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'emcee-chat-'));
  life.defer(() => rm(directory, { recursive: true }));
  const clock = new ManualClock(at);
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  configuration.put('organisation', 'main', {});
  configuration.put('queue', 'sales', {});
  configuration.put('agent', 'agent-1', { name: 'Agent 1', login: 'a', roles: ['agent'] });
  configuration.put('entry-point', 'web', {
    name: 'Shop',
    channel: 'web-chat',
    queue: 'sales',
    treatment: { greeting: 'Hello' },
    origins: ['https://shop.example'],
  });
  director.logIn('agent-1');
  life.use(centre.serve(configurationServer, configuration.implementation()));
  life.use(centre.serve(mediaDirector, director.implementation()));
  const store = new FakeMessagingStore();
  const serveStore = () => centre.serve(simpleMessagingMediaStore, store);
  let serving = serveStore();
  life.defer(() => serving[Symbol.asyncDispose]());
  const platform = centre.platform('web-chat-gateway', { clock, directory, settings });
  life.use(await startWebChatGateway(platform));
  const handler = centre.web.get('/chat');
  const server = createServer((request, response) => handler?.request(request, response));
  const sockets = new Set<Duplex>();
  let isCut = false;
  server.on('upgrade', (request, socket, head) => {
    if (isCut) return void socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    handler?.upgrade?.(request, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  life.defer(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const host = `127.0.0.1:${port}`;
  const desktop = centre.connect(simpleMessagingMediaStore, 'desktop-server');
  const running = life.move();
  return {
    centre,
    clock,
    configuration,
    director,
    store,
    desktop,
    host,
    connect: (options: { origin?: string; address?: string } = {}) =>
      TestWidget.open(host, options),
    /** The network between widgets and gateway breaks; what it returns mends it. */
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      return () => {
        isCut = false;
      };
    },
    /** The store goes away; `back` brings it back. */
    storeAway: async () => {
      await serving[Symbol.asyncDispose]();
      return {
        back: () => {
          serving = serveStore();
        },
      };
    },
    agentSays: (conversation: ConversationId, id: string, text: string) =>
      desktop.call.post({ conversation, id, from: 'agent', agent: agent1, text }),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** A widget as far as the wire can tell. */
export class TestWidget implements Disposable {
  readonly frames: ServerFrame[] = [];
  readonly socket: WebSocket;
  closeCode: number | undefined;
  #read = 0;
  readonly #wakers = new Set<() => void>();

  static async open(
    host: string,
    { origin = `http://${host}`, address = '' },
  ): Promise<TestWidget> {
    const socket = new WebSocket(`ws://${host}/chat/socket`, {
      ...(origin && { origin }),
      headers: address ? { 'x-forwarded-for': address } : {},
    });
    const widget = new TestWidget(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return widget;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    const wake = (): void => {
      for (const waker of this.#wakers) waker();
    };
    socket.on('message', (data) => {
      this.frames.push(JSON.parse((data as Buffer).toString()) as ServerFrame);
      wake();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      wake();
    });
    socket.on('error', () => undefined);
  }

  say(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next frame of that type; those before it are passed over. */
  async next<T extends ServerFrame['type']>(type: T): Promise<Of<T>> {
    for (;;) {
      while (this.#read < this.frames.length) {
        const frame = this.frames[this.#read++];
        if (frame?.type === type) return frame as Of<T>;
      }
      if (this.closeCode !== undefined) throw new Error(`Closed with ${this.closeCode}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.add(resolve);
      await promise;
      this.#wakers.delete(resolve);
    }
  }

  async closed(): Promise<number> {
    while (this.closeCode === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.add(resolve);
      await promise;
      this.#wakers.delete(resolve);
    }
    return this.closeCode;
  }

  async hello(session?: string, since = 0): Promise<Of<'welcome'>> {
    this.say({ type: 'hello', entryPoint: 'web', session, since });
    return this.next('welcome');
  }

  async post(id: string, text: string, more: object = {}): Promise<Of<'ack'>> {
    this.say({ type: 'message', id, text, ...more });
    for (;;) {
      const ack = await this.next('ack');
      if (ack.id === id) return ack;
    }
  }

  /** Every message it was sent. */
  get messages(): ChatMessage[] {
    return this.frames.flatMap((frame) => (frame.type === 'messages' ? frame.messages : []));
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

/** The conversation a session is for. */
export const conversationOf = ({ session }: Of<'welcome'>): ConversationId => {
  const hex = Buffer.from(session, 'base64url').toString('hex', 0, 16);
  return ConversationId.parse(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
};
