import { createSocket } from 'node:dgram';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ManualClock, seconds, systemClock } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { BeaconFilter } from './beacon-filter.ts';
import type { DropReason } from './beacon-filter.ts';
import { MOST_BYTES, decodeBeacon, encodeBeacon, keyIdOf } from './beacon-frame.ts';
import type { BeaconNotice } from './beacon-frame.ts';
import { openBeacons } from './open-beacons.ts';
import type { OpenBeacons } from './open-beacons.ts';
import type { Notice } from './beacon.ts';

const ROW = 'app-management-multicast';
const root = mkdtempSync(join(tmpdir(), 'emcee-beacons-'));
afterAll(() => rmSync(root, { recursive: true }));

function fresh(): string {
  const directory = mkdtempSync(join(root, 'data-'));
  chmodSync(directory, 0o700);
  return directory;
}

const quiet = (): void => undefined;
const trace: Trace = { debug: quiet, info: quiet, warning: quiet, fault: quiet };

function open(directory: string, address = '127.0.0.1', instance = 'i1'): OpenBeacons {
  return openBeacons({
    component: 'application-management',
    instance,
    directory,
    plan: { placeOf: () => ({ address, port: 0 }) },
    clock: systemClock,
    trace,
  });
}

const keys = generateKeyPairSync('ed25519');
const keyId = keyIdOf(keys.publicKey);
const clock = new ManualClock(1_760_000_000_000);
const notice = (sequence: number, more: Partial<BeaconNotice> = {}): BeaconNotice => ({
  row: ROW,
  component: 'application-management',
  instance: 'i1',
  at: clock.now(),
  sequence,
  body: { url: 'ws://127.0.0.1:4711', version: 3 },
  ...more,
});
const encode = (one: BeaconNotice): Buffer => encodeBeacon(one, keyId, keys.privateKey);

function filter(): { pass: (bytes: Buffer) => Notice | undefined; drops: DropReason[] } {
  const drops: DropReason[] = [];
  const trusted = new Map([[keyId, keys.publicKey]]);
  const made = new BeaconFilter({
    row: ROW,
    trusted,
    clock,
    dropped: (reason) => void drops.push(reason),
  });
  return { pass: (bytes) => made.pass(bytes), drops };
}

test('a notice reaches whoever hears the row, in this process and others of the installation', async () => {
  const directory = fresh();
  await using sender = open(directory);
  await using other = open(directory, '127.0.0.1', 'i2');
  const heard = Promise.withResolvers<Notice>();
  await using hearing = await other.hear(ROW, heard.resolve);
  expect(hearing).toBeDefined();
  sender.send(ROW, { version: 3 });
  const { component, instance, sequence, body } = await heard.promise;
  expect({ component, instance, sequence, body }).toEqual({
    component: 'application-management',
    instance: 'i1',
    sequence: 1,
    body: { version: 3 },
  });
});

test('the beacons of another installation are believed once its key was carried here', async () => {
  const [ours, theirs] = [fresh(), fresh()];
  const plan = { placeOf: () => ({ address: '127.0.0.1', port: 31_975 }) };
  const common = { component: 'application-management' as const, plan, clock: systemClock, trace };
  await using sender = openBeacons({ ...common, instance: 'far', directory: theirs });
  await using deaf = openBeacons({ ...common, instance: 'near', directory: ours });
  let believed = 0;
  await using first = await deaf.hear(ROW, () => believed++);
  expect(first).toBeDefined();
  sender.send(ROW, { version: 1 });
  await expect.poll(() => deaf.dropped).toEqual({ key: 1 });
  copyFileSync(join(theirs, 'beacons/own.pem'), join(ours, 'beacons/far.pem'));
  await using hearer = openBeacons({ ...common, instance: 'new', directory: ours });
  const heard = Promise.withResolvers<Notice>();
  await using second = await hearer.hear(ROW, heard.resolve);
  expect(second).toBeDefined();
  sender.send(ROW, { version: 2 });
  expect((await heard.promise).body).toEqual({ version: 2 });
  expect(believed).toBe(0);
});

test('a network that cannot be joined is done without', async () => {
  await using beacons = open(fresh(), '192.0.2.1');
  await using hearing = await beacons.hear(ROW, quiet);
  beacons.send(ROW, { version: 1 });
  expect(hearing).toBeDefined();
});

test('what strangers send to the group is dropped and counted', async () => {
  const directory = fresh();
  let port = 0;
  await using beacons = openBeacons({
    component: 'application-management',
    instance: 'i1',
    directory,
    plan: { placeOf: () => ({ address: '127.0.0.1', port: 0 }) },
    clock: systemClock,
    trace,
    addresses: {
      add: (place) => {
        port = place.port;
        return new DisposableStack();
      },
      [Symbol.dispose]: quiet,
    },
  });
  await using hearing = await beacons.hear(ROW, () => expect.unreachable());
  expect(hearing).toBeDefined();
  const socket = createSocket('udp4');
  socket.bind(0, () => {
    socket.setMulticastInterface('127.0.0.1');
    socket.send(Buffer.alloc(64), port, '239.29.9.67');
    socket.send(encode(notice(1, { at: Date.now() })), port, '239.29.9.67');
  });
  await expect.poll(() => beacons.dropped).toEqual({ malformed: 1, key: 1 });
  socket.close();
});

test('BeaconFilter lets a sound notice through once, and later ones in order', () => {
  const { pass, drops } = filter();
  expect(pass(encode(notice(5)))?.sequence).toBe(5);
  expect(pass(encode(notice(5)))).toBeUndefined();
  expect(pass(encode(notice(4)))).toBeUndefined();
  expect(pass(encode(notice(9)))?.sequence).toBe(9);
  expect(pass(encode(notice(1, { instance: 'i2' })))?.instance).toBe('i2');
  expect(drops).toEqual(['sequence', 'sequence']);
});

test('BeaconFilter drops what is old, of the future, for another row, or of another key', () => {
  const { pass, drops } = filter();
  const other = generateKeyPairSync('ed25519');
  pass(encode(notice(1, { at: clock.now() - seconds(31) })));
  pass(encode(notice(1, { at: clock.now() + seconds(31) })));
  pass(encode(notice(1, { row: 'ids-view-multicast' })));
  pass(encodeBeacon(notice(1), keyIdOf(other.publicKey), other.privateKey));
  pass(encodeBeacon(notice(1), keyId, other.privateKey));
  expect(drops).toEqual(['time', 'time', 'row', 'key', 'signature']);
  expect(pass(encode(notice(1, { at: clock.now() - seconds(30) })))).toBeDefined();
});

test('BeaconFilter believes no datagram of which any bit was changed', () => {
  const good = encode(notice(1));
  fc.assert(
    fc.property(fc.nat(good.length * 8 - 1), (bit) => {
      const bytes = Buffer.from(good);
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      expect(filter().pass(bytes)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('BeaconFilter never throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1_400 }), (bytes) => {
      expect(filter().pass(Buffer.from(bytes))).toBeUndefined();
    }),
  );
  for (let cut = 0; cut < encode(notice(1)).length; cut++) {
    expect(filter().pass(encode(notice(1)).subarray(0, cut))).toBeUndefined();
  }
});

test('BeaconFilter looks at few signatures in a second, however much a stranger sends', () => {
  const { pass, drops } = filter();
  const forged = encode(notice(7));
  forged[20] = (forged[20] ?? 0) ^ 1;
  for (let n = 0; n < 1_000; n++) pass(forged);
  expect(drops.filter((reason) => reason === 'signature')).toHaveLength(200);
  expect(drops.filter((reason) => reason === 'flood')).toHaveLength(800);
  clock.advance(seconds(1));
  expect(pass(encode(notice(7)))).toBeDefined();
});

test('encodeBeacon() refuses what does not fit into one datagram', () => {
  const fits = notice(1, { body: { text: 'x'.repeat(950) } });
  expect(encode(fits).length).toBeLessThanOrEqual(MOST_BYTES);
  expect(decodeBeacon(encode(fits))?.notice).toEqual(fits);
  expect(() => encode(notice(1, { body: { text: 'x'.repeat(1_100) } }))).toThrow('over 1127 bytes');
});
