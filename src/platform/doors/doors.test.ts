import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock, seconds } from '#base/time.ts';
import { readLines } from '#platform/lines/read.ts';
import type { LineFeed } from '#platform/lines/lines.ts';
import { LocalComponents } from '#platform/peers/local-components.ts';
import { connectRpc } from '#platform/rpc/connect.ts';
import { example, exampleImplementation } from '#platform/rpc/suite.ts';
import { secureClientOptions } from '#platform/tls/identity.ts';
import { openTestInstallation } from './test-installation.ts';
import type { TestInstallation } from './test-installation.ts';
import { portOf } from './port-of.ts';

const ROW = 'media-director';
const COMPONENT = 'media-director';

const feed: LineFeed = {
  roles: ['ids-view'],
  async *follow({ role }) {
    yield { n: 1, event: { told: role } };
  },
};

/** A director's row with rpc and lines on one port, and its TLS twin. */
async function openRow(installation: TestInstallation, clock?: ManualClock): Promise<void> {
  const { doors } = installation.open(COMPONENT, {
    ...(clock && { clock }),
    names: ['emcee.example'],
  });
  await doors.rpc(example, exampleImplementation(), [ROW]);
  await doors.lines(ROW, feed);
}

/** What a WebSocket handshake comes to: `open`, or the status it is refused with. */
async function handshake(
  url: string,
  options: ConstructorParameters<typeof WebSocket>[2],
): Promise<string> {
  const socket = new WebSocket(url, options);
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(String(response.statusCode));
      socket.terminate();
    });
    socket.on('error', (error) => resolve(error.message));
  });
}

/** Sends bytes to a port; resolves with what came until it was closed. */
async function send(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data: Buffer) => (heard += data.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return heard;
}

test('one port carries rpc and lines, told apart by their first bytes', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  await using client = connectRpc(example, {
    url: `ws://127.0.0.1:${port}`,
    token: installation.tokens.tokenOf('media-director'),
  });
  expect(await client.call.greet({ who: 'Agent 1' })).toEqual({ text: 'Hello, Agent 1' });
  const address = {
    url: `tcp://127.0.0.1:${port}`,
    token: installation.tokens.tokenOf('ids-view'),
  };
  expect(await Array.fromAsync(readLines({ address, stream: 's' }))).toEqual([
    { n: 1, event: { told: 'ids-view' } },
  ]);
});

test('loopback is listened on in both its forms, and told by all its names', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  expect(await handshake(`ws://[::1]:${port}`, {})).toBe('open');
  expect(await handshake(`ws://localhost:${port}`, {})).toBe('open');
});

test('the TLS twin speaks rpc and lines, the role from the certificate', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port, tls } = installation.opened('media-director-secure');
  expect(tls).toBe(true);
  const authority = await installation.authority();
  const viewer = await authority.issue({ role: 'ids-view', hosts: [] });
  const director = await authority.issue({ role: 'media-director', hosts: [] });
  const url = `tls://127.0.0.1:${port}`;
  const address = { url, tls: secureClientOptions(viewer, 'media-director') };
  expect(await Array.fromAsync(readLines({ address, stream: 's' }))).toEqual([
    { n: 1, event: { told: 'ids-view' } },
  ]);
  await using client = connectRpc(example, {
    url: `wss://127.0.0.1:${port}`,
    tls: secureClientOptions(director, 'media-director'),
  });
  expect(await client.call.count({})).toBe(1);
  await expect(client.call.secret({})).rejects.toMatchObject({ code: 'forbidden' });
});

test('a certificate of the wrong role is turned away by either side', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened('media-director-secure');
  const authority = await installation.authority();
  const proxy = await authority.issue({ role: 'media-proxy', hosts: [] });
  const url = `tls://127.0.0.1:${port}`;
  const address = { url, tls: secureClientOptions(proxy, 'media-director') };
  await expect(Array.fromAsync(readLines({ address, stream: 's' }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  await using client = connectRpc(example, {
    url: `wss://127.0.0.1:${port}`,
    tls: secureClientOptions(proxy, 'ids-view'),
  });
  await expect(client.call.count({}, { timeout: 200 })).rejects.toThrow(
    'Cannot trust the server as "ids-view": its certificate names the role "media-director"',
  );
});

test('without a certificate, or with one of another authority, TLS comes to nothing', async () => {
  await using installation = openTestInstallation();
  await using other = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened('media-director-secure');
  const { certificates } = await installation.authority();
  const stranger = await (await other.authority()).issue({ role: 'media-director', hosts: [] });
  for (const shown of [{}, { cert: stranger.certificate, key: stranger.key }]) {
    const socket = connectTls({ port, host: '127.0.0.1', ca: certificates, ...shown });
    let heard = '';
    socket.on('data', (data: Buffer) => (heard += data.toString()));
    socket.on('error', () => undefined);
    socket.write('{"hello":{"stream":"s"}}\n');
    await new Promise((resolve) => void socket.once('close', resolve));
    expect(heard).toBe('');
  }
});

test('a web page of any origin, and one of a rebound name, is refused', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  const url = `ws://127.0.0.1:${port}`;
  const withHost = (host: string): Promise<string> => handshake(url, { headers: { host } });
  expect({
    origin: await handshake(url, { origin: 'https://evil.example' }),
    ownOrigin: await handshake(url, { origin: `http://127.0.0.1:${port}` }),
    rebound: await withHost(`evil.example:${port}`),
    wrongPort: await withHost('127.0.0.1:80'),
    noPort: await withHost('localhost'),
    given: await withHost(`emcee.example:${port}`),
    loopback: await withHost(`localhost:${port}`),
  }).toEqual({
    origin: '403',
    ownOrigin: '403',
    rebound: '421',
    wrongPort: '421',
    noPort: '421',
    given: 'open',
    loopback: 'open',
  });
  expect(installation.traced).toContainEqual(
    expect.stringContaining('a web page of another origin'),
  );
});

test('a plain request of a web page is refused without an answer it could read', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  const answer = await send(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 426/);
  expect(answer.toLowerCase()).not.toContain('access-control');
  expect(await send(port, `POST / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)).toBe('');
});

test('a connection that speaks nothing known is closed without a word', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  const secure = installation.opened('media-director-secure').port;
  const hello = Buffer.from([0x16, 0x03, 0x01, 0x00, 0x01]);
  expect(
    await Promise.all([
      send(port, 'SSH-2.0-OpenSSH\r\n'),
      send(port, Buffer.alloc(64)),
      send(port, hello), // TLS where plain is spoken
      send(secure, '{"hello":{"stream":"s"}}\n'), // and plain where TLS is
      send(secure, 'GET / HTTP/1.1\r\n\r\n'),
    ]),
  ).toEqual(['', '', '', '', '']);
});

test('a wrong token and a missing one are told so', async () => {
  await using installation = openTestInstallation();
  await using other = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  const url = `ws://127.0.0.1:${port}`;
  for (const token of [undefined, 'media-director.x', other.tokens.tokenOf('media-director')]) {
    await using client = connectRpc(example, { url, ...(token !== undefined && { token }) });
    await expect(client.call.count({})).rejects.toMatchObject({ code: 'unauthorized' });
  }
});

test.each([
  ['nothing at all', ''],
  ['one byte', 'G'],
  ['half a handshake', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
  ['half a line', '{"hello":'],
])('a connection that says %s is closed after 5 s', async (_what, said) => {
  await using installation = openTestInstallation();
  const clock = new ManualClock();
  await openRow(installation, clock);
  const { port } = installation.opened(ROW);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(said);
  socket.resume();
  // until the server has seen it: a second connection is accepted after the first
  expect(await handshake(`ws://127.0.0.1:${port}`, {})).toBe('open');
  clock.advance(seconds(5));
  await once(socket, 'close');
});

test('a hello that drips in byte by byte does not gain time by it', async () => {
  await using installation = openTestInstallation();
  const clock = new ManualClock();
  await openRow(installation, clock);
  const { port } = installation.opened(ROW);
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, 'open');
  clock.advance(seconds(4));
  socket.send('{"jsonrpc":', { fin: false });
  socket.ping();
  await once(socket, 'pong');
  clock.advance(seconds(1));
  const [code] = await once(socket, 'close');
  expect(code).toBe(1006);
});

test('strangers are bounded: the oldest goes when one more comes', async () => {
  await using installation = openTestInstallation();
  await openRow(installation);
  const { port } = installation.opened(ROW);
  const first = connect(port, '127.0.0.1');
  first.on('error', () => undefined);
  const gone = once(first, 'close');
  await once(first, 'connect');
  const others = Array.from({ length: 128 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await gone;
  await using client = connectRpc(example, {
    url: `ws://127.0.0.1:${port}`,
    token: installation.tokens.tokenOf('media-director'),
  });
  expect(await client.call.count({})).toBe(1);
  for (const socket of others) socket.destroy();
});

test('a port that an outgoing connection has for a moment is waited for', async () => {
  await using installation = openTestInstallation();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = portOf(taken);
  setTimeout(() => taken.close(), 50);
  const place = (row: string) => (row === ROW ? { address: '127.0.0.1', port } : undefined);
  const { doors } = installation.open(COMPONENT, { place });
  await doors.rpc(example, exampleImplementation(), [ROW]);
  expect(installation.opened(ROW).port).toBe(port);
});

test('a port in use is told with its row and the settings to change', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = portOf(taken);
  await using installation = openTestInstallation();
  const { doors } = installation.open(COMPONENT, { place: () => ({ address: '127.0.0.1', port }) });
  await expect(doors.rpc(example, exampleImplementation(), [ROW])).rejects.toThrow(
    `Cannot open port ${port} on 127.0.0.1 for "media-director": another program uses it; stop that one, or change the setting ports.media-director or ports.offset`,
  );
  taken.close();
});

test('an address that this machine has not is told so', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open(COMPONENT, {
    place: (row) => (row === ROW ? undefined : { address: '192.0.2.1', port: 0 }),
  });
  await expect(doors.rpc(example, exampleImplementation(), [ROW])).rejects.toThrow(
    'this machine has no such address; change the setting address.media-director',
  );
});

test('a plain row with a TLS twin never leaves loopback', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open(COMPONENT, {
    place: () => ({ address: '0.0.0.0', port: 0 }),
  });
  await expect(doors.rpc(example, exampleImplementation(), [ROW])).rejects.toThrow(
    'Cannot open "media-director" on 0.0.0.0: it is plain and stays on loopback; set ports.media-director-secure instead',
  );
});

test('a row without a twin speaks mutual TLS on its own port once its address is not loopback', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open('ids-multimedia', {
    place: () => ({ address: '0.0.0.0', port: 0 }),
  });
  await doors.lines('ids-multimedia', feed);
  expect(installation.opened('ids-multimedia').tls).toBe(true);
});

test('a row that is switched off is not opened, and its component serves its own process all the same', async () => {
  await using installation = openTestInstallation();
  const local = new LocalComponents(['database']);
  const { doors, peers } = installation.open(COMPONENT, { local, place: () => undefined });
  await doors.rpc(example, exampleImplementation(), [ROW]);
  await using client = peers.connect(example);
  expect(await client.call.count({})).toBe(1);
  expect(() => installation.opened(ROW)).toThrow('Nothing listens');
});

test('a row closes with the last that is served on it', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open(COMPONENT);
  const rpc = await doors.rpc(example, exampleImplementation(), [ROW]);
  const lines = await doors.lines(ROW, feed);
  await rpc[Symbol.asyncDispose]();
  const { port } = installation.opened(ROW);
  await lines[Symbol.asyncDispose]();
  expect(() => installation.opened(ROW)).toThrow('Nothing listens');
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
});

test('closing waits for the calls under way', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open(COMPONENT);
  const called = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const implementation = exampleImplementation({
    count: async () => {
      called.resolve();
      await answer.promise;
      return 7;
    },
  });
  const rpc = await doors.rpc(example, implementation, [ROW]);
  await using client = connectRpc(example, {
    url: `ws://127.0.0.1:${installation.opened(ROW).port}`,
    token: installation.tokens.tokenOf('media-director'),
  });
  const counting = client.call.count({});
  await called.promise;
  const closed = rpc[Symbol.asyncDispose]();
  answer.resolve();
  expect(await counting).toBe(7);
  await closed;
});
