import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { EICAR, startClamd } from '../../../../test/servers/clamd.ts';
import { shared } from '../../../../test/servers/shared.ts';
import { openClamd } from './clamd.ts';

const theClamd = shared(() => startClamd(1_000_000));
const bytes = (...pieces: (string | Uint8Array)[]): Readable =>
  Readable.from(pieces.map((piece) => Buffer.from(piece)));

test('openClamd() has a real clamd tell what is clean from what is not, over TCP and by its socket', async (context) => {
  const { address, socket } = await theClamd(context);
  for (const place of [address, socket]) {
    const scanner = openClamd(place);
    expect(await scanner.scan(bytes('a letter'))).toEqual({ type: 'clean' });
    expect(await scanner.scan(bytes(EICAR.slice(0, 10), EICAR.slice(10)))).toEqual({
      type: 'infected',
      found: expect.stringMatching(/^Test\.EICAR/) as string,
    });
    expect(await scanner.scan(bytes())).toEqual({ type: 'clean' });
  }
});

test('openClamd() says of what is too large for the scanner that nobody looked at it', async (context) => {
  const { address } = await theClamd(context);
  const large = Array.from({ length: 40 }, () => new Uint8Array(65_536));
  // it says so and hangs up with bytes unread, so that its words may be lost on the way
  expect(await openClamd(address).scan(bytes(...large))).toMatchObject({ type: 'unscanned' });
});

test('openClamd() goes on without a scanner that is away, hangs up or speaks another language', async () => {
  expect(await openClamd('/nowhere/clamd.sock').scan(bytes('x'))).toMatchObject({
    type: 'unscanned',
  });
  const servers = [
    createServer((socket) => socket.destroy()),
    createServer((socket) =>
      socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n'),
    ),
  ];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const scanner = openClamd(`127.0.0.1:${port}`);
    expect(await scanner.scan(bytes('x'))).toMatchObject({ type: 'unscanned' });
    server.close();
  }
});

test('openClamd() does not take it for a verdict when the bytes themselves cannot be read', async (context) => {
  const { address } = await theClamd(context);
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('x');
      throw new Error('The database is gone');
    })(),
  );
  await expect(openClamd(address).scan(broken)).rejects.toThrow('The database is gone');
});
