import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock, hours } from '#base/time.ts';
import type { OpenForeign, Shown } from '#platform/platform.ts';
import { portRow } from '#platform/ports/ports.ts';
import { listenAt } from './listen.ts';
import { openTestInstallation } from './test-installation.ts';

const ROW = 'smtp-reception';

/** Greets whoever connects, and writes down what it was given to show. */
function greeter(shown: Shown[]): OpenForeign {
  return async (at) => {
    shown.push(at.shown);
    const server = createServer((socket) => socket.end('220 hello\r\n'));
    const listener = await listenAt(portRow(ROW), at.place, server, 10);
    return {
      address: listener.address,
      port: listener.port,
      renew: (next) => shown.push(next),
      [Symbol.asyncDispose]: () => listener.close(),
    };
  };
}

test('Doors.foreign() lets a component listen where the plan says, with a certificate to show', async () => {
  await using installation = openTestInstallation();
  const clock = new ManualClock(Date.now());
  const shown: Shown[] = [];
  const { doors } = installation.open('email-media-store', { clock });
  const door = await doors.foreign(ROW, greeter(shown));
  const { port } = installation.opened(ROW);
  expect(door?.port).toBe(port);
  const [greeting] = await once(connect(port, '127.0.0.1').setEncoding('utf8'), 'data');
  expect(greeting).toBe('220 hello\r\n');
  expect(new X509Certificate(shown[0]?.certificate ?? '').checkHost('localhost')).toBe('localhost');
  clock.advance(hours(12));
  await expect.poll(() => shown).toHaveLength(2);

  await door?.[Symbol.asyncDispose]();
  expect(() => installation.opened(ROW)).toThrow(ROW);
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
});

test('Doors.foreign() opens nothing where the row is switched off, and says why it cannot', async () => {
  await using installation = openTestInstallation();
  const off = installation.open('email-media-store', { place: () => undefined });
  expect(await off.doors.foreign(ROW, greeter([]))).toBeUndefined();
  const place = { address: '192.0.2.1', port: 0 };
  const { doors } = installation.open('email-media-store', { place: () => place });
  await expect(doors.foreign(ROW, greeter([]))).rejects.toThrow('this machine has no such address');
});
