/**
 * Strangers at every port that a running program opens: a web page of another origin, a rebound host name, another
 * local user, a certificate of the wrong role. A row of the matrix that is added without protection fails here.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RouteDefinition } from '#base/http-api.ts';
import { encodeBeacon, keyIdOf } from '#platform/beacon/beacon-frame.ts';
import { isLoopback } from '#platform/ports/port-plan.ts';
import { portRow } from '#platform/ports/ports.ts';
import { openAuthority } from '#platform/tls/authority.ts';
import type { Authority } from '#platform/tls/authority.ts';
import { api } from '#servers/desktop-server/contract.ts';
import { ComponentWires, asLines, roleAt, upgrade } from './component-wires.ts';
import { COMPONENT_ROWS, HTTP_ROWS, MAIL_ROWS, MULTICAST_ROWS, OUR_ROWS } from './rows.ts';
import type { ComponentRow } from './rows.ts';
import { RpcSession, outcomeOf } from './rpc-session.ts';
import { startCentre } from './start-centre.ts';
import type { Centre } from './start-centre.ts';
import { ask, dial, exchange, handshake } from './wires.ts';
import type { Far } from './wires.ts';
import { skipHere } from '../servers/skip-or-fail.ts';

const EVIL = 'evil.example';
/** A role that no contract lists. */
const OUTSIDER = 'media-proxy';
const NOBODY = 65_534;

const named = (rows: readonly ComponentRow[]) => rows.map((row) => [row.id, row] as const);
const PLAIN_ROWS = named(COMPONENT_ROWS.filter(({ tls }) => !tls));
const TLS_ROWS = named(COMPONENT_ROWS.filter(({ tls }) => tls));
const PUBLIC_ROWS = HTTP_ROWS.filter(({ id }) => id !== 'web-chat-door').map(
  ({ id, tls }) => [id, tls] as const,
);

const run = promisify(execFile);
/** A role that may come in. */
const insider = (row: ComponentRow): string => roleAt(row, () => 0);

let centre: Centre;
let wires: ComponentWires;

beforeAll(async () => {
  centre = await startCentre();
  wires = await ComponentWires.open(centre);
}, 120_000);
afterAll(() => centre[Symbol.asyncDispose]());

/** What the first answer to a line is, as its code. */
async function sayLine(far: Far, line: object): Promise<string> {
  const socket = dial(far);
  socket.write(asLines([line]));
  const first = await new Promise<string>((resolve) => {
    socket.once('data', (data: Buffer) => resolve(data.toString()));
    socket.once('close', () => resolve('closed'));
  });
  socket.destroy();
  return /"code":"([a-z-]+)"/.exec(first)?.[1] ?? first.trim();
}

test('every row that is open is in one of the tables below', () => {
  const listed = [...COMPONENT_ROWS, ...HTTP_ROWS, ...MAIL_ROWS, ...MULTICAST_ROWS].map(
    ({ id }) => id,
  );
  expect(listed.toSorted()).toEqual([...OUR_ROWS].toSorted());
  expect(
    centre
      .opened()
      .map(({ row }) => row)
      .toSorted(),
  ).toEqual([...OUR_ROWS].toSorted());
});

test('nothing is open to a network before somebody says so', async (context) => {
  if (process.platform !== 'linux')
    return skipHere(context, 'only Linux tells what a process has open');
  const open = await openSockets(centre.processOf('media-director'));
  expect(open.length).toBeGreaterThan(OUR_ROWS.length);
  const group = portRow('ids-multimedia-multicast').group ?? '';
  const near = (address: string): boolean => address === group || isLoopback(address);
  expect(open.filter(({ address }) => !near(address))).toEqual([]);
});

describe('a web page of another origin, or of a rebound name', () => {
  test.each(named(COMPONENT_ROWS))('comes to nothing at %s', async (_id, row) => {
    const far = await wires.farOf(row, insider(row));
    const own = `127.0.0.1:${far.port}`;
    const rebound = `${EVIL}:${far.port}`;
    expect({
      foreign: await handshake(far, '/', { origin: `https://${EVIL}` }),
      own: await handshake(far, '/', { origin: `http://${own}` }),
      rebound: await handshake(far, '/', { host: rebound }),
      both: await handshake(far, '/', { host: rebound, origin: `http://${rebound}` }),
      get: (await exchange(far, `GET / HTTP/1.1\r\nHost: ${own}\r\n\r\n`)).slice(0, 12),
      // what a form or fetch() sends could go on with lines
      post: await exchange(far, `POST / HTTP/1.1\r\nHost: ${own}\r\n\r\n{"hello":{}}\n`),
    }).toEqual({
      foreign: '403',
      own: '403',
      rebound: '421',
      both: '403',
      get: 'HTTP/1.1 426',
      post: '',
    });
  });

  test.each(PUBLIC_ROWS)('is told so at %s', async (id, isTls) => {
    const far = { port: centre.portOf(id), tls: isTls ? {} : undefined };
    const authorization = `Bearer ${centre.token}`;
    const foreign = { origin: `https://${EVIL}` };
    const embedded = { 'sec-fetch-site': 'cross-site' };
    const rebound = { host: `${EVIL}:${far.port}`, origin: `http://${EVIL}:${far.port}` };
    const outcome = async (path: string, headers: object, method = 'GET'): Promise<string> => {
      const { status, text } = await ask(far, path, { authorization, ...headers }, method);
      return `${status} ${/"code":"([a-z-]+)"/.exec(text)?.[1]}`;
    };
    expect({
      read: await outcome('/api/v1/session', foreign),
      change: await outcome('/api/v1/me/log-out', foreign, 'POST'),
      embedded: await outcome('/api/v1/session', embedded),
      events: await handshake(far, '/api/v1/events', { authorization, ...foreign }),
      chat: await handshake(far, '/chat/socket', foreign),
    }).toEqual({
      read: '403 foreign-origin',
      change: '403 foreign-origin',
      embedded: '403 foreign-origin',
      events: '403',
      chat: '403',
    });
    expect({
      page: await outcome('/', rebound),
      read: await outcome('/api/v1/session', rebound),
      health: await outcome('/healthz', rebound),
      events: await handshake(far, '/api/v1/events', { authorization, ...rebound }),
      chat: await handshake(far, '/chat/socket', rebound),
    }).toEqual({
      page: '421 wrong-host',
      read: '421 wrong-host',
      health: '421 wrong-host',
      events: '421',
      chat: '421',
    });
  });
});

describe('another user of this machine', () => {
  test.each(PLAIN_ROWS)('has no token for %s', async (_id, row) => {
    const far = await wires.farOf(row, insider(row));
    const forged = `${insider(row)}.${'x'.repeat(43)}`;
    const outcomes: string[] = [];
    for (const token of [undefined, '', forged]) {
      if (row.rpc) {
        const { session, hello } = await RpcSession.open(far, row.rpc, token);
        session[Symbol.dispose]();
        outcomes.push(hello);
      }
      if (!row.lines) continue;
      const { stream } = row.lines;
      outcomes.push(await sayLine(far, { hello: { token, stream, version: 1 } }));
    }
    expect(new Set(outcomes)).toEqual(new Set(['unauthorized']));
  });

  test.each(PUBLIC_ROWS)('must sign in at %s', async (id, isTls) => {
    const far = { port: centre.portOf(id), tls: isTls ? {} : undefined };
    const outcomes = await Promise.all(
      Object.values<RouteDefinition>(api)
        .filter(({ roles }) => !roles.includes('nobody-yet'))
        .map(async ({ method, path }) => {
          const filled = path.replaceAll(/\{\w+\}/g, 'x');
          const { status } = await ask(far, `/api/v1${filled}`, {}, method);
          return status === 401 ? undefined : `${method} ${path}: ${status}`;
        }),
    );
    expect(outcomes.filter(Boolean)).toEqual([]);
    expect(await handshake(far, '/api/v1/events')).toBe('401');
  });

  test('is no desktop-server to the chat gateway', async () => {
    const far = { port: centre.portOf('web-chat-door') };
    const asOthers = { 'x-emcee-token': wires.tokenOf('media-proxy') };
    const outcome = async (headers: Record<string, string>): Promise<string[]> => [
      String((await ask(far, '/chat/widget.js', headers)).status),
      await handshake(far, '/chat/socket', headers),
    ];
    expect([await outcome({}), await outcome(asOthers)]).toEqual([
      ['403', '403'],
      ['403', '403'],
    ]);
    const asItself = { 'x-emcee-token': wires.tokenOf('desktop-server') };
    expect((await ask(far, '/chat/widget.js', asItself)).status).toBe(200);
  });

  test('cannot speak as a beacon of this installation', async () => {
    const row = 'ids-multimedia-multicast';
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const body = { version: 1 };
    const notice = { row, component: 'x', instance: 'x', at: Date.now(), sequence: 1, body };
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    socket.setMulticastInterface('127.0.0.1');
    socket.send(
      encodeBeacon(notice, keyIdOf(publicKey), privateKey),
      centre.portOf(row),
      portRow(row).group ?? '',
    );
    await expect
      .poll(() => centre.program.output(), { timeout: 5_000 })
      .toMatch(/beacon\.dropped.*"reason":"key"/);
    socket.close();
  });

  test('can read nothing of the data directory', async (context) => {
    const { data } = centre.program;
    expect((await stat(data)).mode & 0o077).toBe(0);
    if (process.getuid?.() !== 0) return skipHere(context, 'only root may try it as somebody else');
    const secrets = [data, join(data, 'secret.key'), join(data, 'tokens', 'command-line')];
    const attempts = [...secrets, join(data, 'database', 'cluster')].map((path) =>
      run('/bin/ls', [path], { uid: NOBODY, gid: NOBODY }).then(
        () => `${path} can be read`,
        (error: unknown) => (/Permission denied/.test(String(error)) ? 'denied' : String(error)),
      ),
    );
    expect(new Set(await Promise.all(attempts))).toEqual(new Set(['denied']));
  });
});

describe('a certificate', () => {
  test.each(TLS_ROWS)('of the wrong role may do nothing at %s', async (_id, row) => {
    expect(await forbidden(row, await wires.farOf(row, OUTSIDER))).toEqual([]);
  });

  test.each(TLS_ROWS)('of another authority, or none, comes to nothing at %s', async (_id, row) => {
    await using other = await otherAuthority();
    const { certificate, key } = await other.authority.issue({ role: insider(row), hosts: [] });
    const { port } = await wires.farOf(row, insider(row));
    const hello = asLines([{ hello: { stream: 'changes' } }]);
    const upgrading = upgrade(port, '/');
    for (const tls of [{}, { cert: certificate, key }]) {
      expect(await exchange({ port, tls }, hello)).toBe('');
      expect(await exchange({ port, tls }, upgrading)).toBe('');
    }
  });

  test.each(PLAIN_ROWS)(
    'is no more than a token at %s: the wrong role may do nothing',
    async (_id, row) => {
      expect(await forbidden(row, await wires.farOf(row, insider(row)))).toEqual([]);
    },
  );
});

/** What `media-proxy` may do at a row although no contract lists it; empty where all is well. */
async function forbidden(row: ComponentRow, far: Far): Promise<string[]> {
  const faults: string[] = [];
  const token = wires.tokenOf(OUTSIDER);
  if (row.rpc) {
    const { session, hello } = await RpcSession.open(far, row.rpc, token);
    const { methods, streams = {} } = row.rpc;
    const names = hello === 'done' ? Object.keys(methods) : [];
    for (const [at, name] of names.entries()) {
      session.call(at + 1, name, {});
      const outcome = outcomeOf(await session.answer(at + 1, 5_000));
      if (outcome !== 'forbidden') faults.push(`${name}: ${outcome}`);
    }
    for (const [at, stream] of (hello === 'done' ? Object.keys(streams) : []).entries()) {
      const id = names.length + at + 1;
      session.call(id, 'rpc.follow', { stream });
      const outcome = outcomeOf(await session.answer(id, 5_000));
      if (outcome !== 'forbidden') faults.push(`${stream}: ${outcome}`);
    }
    if (hello !== 'done' && hello !== 'forbidden') faults.push(`hello: ${hello}`);
    session[Symbol.dispose]();
  }
  if (row.lines) {
    const { stream } = row.lines;
    const outcome = await sayLine(far, { hello: { token, stream, version: 1 } });
    if (outcome !== 'forbidden') faults.push(`lines: ${outcome}`);
  }
  return faults;
}

/** The sockets of a process that somebody may connect or send to, as Linux tells. */
async function openSockets(pid: number): Promise<{ wire: string; address: string }[]> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((name) => readlink(join(folder, name)).catch(() => '')),
  );
  const own = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map(async (wire) => {
      const [, ...rows] = (await readFile(`/proc/${pid}/net/${wire}`, 'utf8')).trim().split('\n');
      return rows.map((row) => [wire, row.trim().split(/\s+/)] as const);
    }),
  );
  return tables
    .flat()
    .filter(([, { 3: state, 9: inode = '' }]) => OPEN_STATES.has(state) && own.has(inode))
    .map(([wire, { 1: local = '' }]) => ({ wire, address: addressOf(local) }));
}

/** TCP LISTEN, and UDP without a far end. */
const OPEN_STATES = new Set<string | undefined>(['0A', '07']);

/** `0100007F:1F90` is 127.0.0.1, the bytes of each word in the order of the machine. */
function addressOf(local: string): string {
  const words = (/^[0-9A-F]+/.exec(local)?.[0] ?? '').match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].toReversed());
  if (bytes.length === 4) return bytes.join('.');
  return bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1 ? '::1' : local;
}

async function otherAuthority(): Promise<{ authority: Authority } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'emcee-test-authority-'));
  return {
    authority: await openAuthority(directory),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
