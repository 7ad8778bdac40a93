import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { ManualClock, days } from '#base/time.ts';
import { portOf } from '#platform/doors/port-of.ts';
import { openAuthority } from './authority.ts';
import {
  certificatesOf,
  endOf,
  loadCertificate,
  secureClientOptions,
  secureServerOptions,
} from './identity.ts';
import type { Identity } from './identity.ts';
import { roleOf } from './role.ts';

const root = mkdtempSync(join(tmpdir(), 'emcee-tls-'));
afterAll(() => rmSync(root, { recursive: true }));

function fresh(name: string): string {
  const directory = join(root, name);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

const HOSTS = ['localhost', '127.0.0.1'];

/** Shakes hands and says what each side made of the other. */
async function meet(server: Identity, client: Identity, expected: string): Promise<string> {
  await using life = new AsyncDisposableStack();
  const listener = createServer(secureServerOptions(server)).listen(0, '127.0.0.1');
  life.defer(() => void listener.close());
  listener.on('tlsClientError', () => undefined);
  listener.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    socket.end(`you are ${roleOf(socket.getPeerCertificate())}`);
  });
  await once(listener, 'listening');
  const port = portOf(listener);
  const socket = connect({ port, host: '127.0.0.1', ...secureClientOptions(client, expected) });
  life.defer(() => void socket.destroy());
  return await new Promise((resolve) => {
    socket.on('data', (data) => resolve(data.toString()));
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('closed'));
  });
}

test('a certificate names its role, and TLS tells it to the other side', async () => {
  const authority = await openAuthority(fresh('roles'));
  const director = await authority.identityOf({ role: 'media-director', hosts: HOSTS });
  const store = await authority.identityOf({ role: 'task-media-store', hosts: HOSTS });
  expect(await meet(director, store, 'media-director')).toBe('you are task-media-store');
});

test('a client does not speak to a server of another role', async () => {
  const authority = await openAuthority(fresh('wrong-role'));
  const proxy = await authority.issue({ role: 'media-proxy', hosts: HOSTS });
  const store = await authority.issue({ role: 'task-media-store', hosts: [] });
  expect(await meet(proxy, store, 'media-director')).toBe(
    'Cannot trust the server as "media-director": its certificate names the role "media-proxy"',
  );
});

test('a certificate of another authority is refused by either side', async () => {
  const ours = await openAuthority(fresh('ours'));
  const theirs = await openAuthority(fresh('theirs'));
  const server = await ours.issue({ role: 'media-director', hosts: HOSTS });
  const stranger = await theirs.issue({ role: 'task-media-store', hosts: HOSTS });
  expect(await meet(server, stranger, 'media-director')).toMatch(/certificate/);
  const believer = { ...stranger, authority: ours.certificates };
  expect(await meet(server, believer, 'media-director')).toMatch(/alert|ECONNRESET|closed/);
});

test('openAuthority() and identityOf() keep what they made, readable by its owner alone', async () => {
  const directory = fresh('kept');
  const first = await openAuthority(directory);
  const identity = await first.identityOf({ role: 'ids-view', hosts: HOSTS });
  const second = await openAuthority(directory);
  expect(second.certificates).toBe(first.certificates);
  expect(await second.identityOf({ role: 'ids-view', hosts: HOSTS })).toEqual(identity);
  for (const name of ['authority.pem', 'ids-view.pem']) {
    expect(statSync(join(directory, 'tls', name)).mode & 0o777).toBe(0o600);
  }
  expect(readFileSync(join(directory, 'tls', 'authority.crt'), 'utf8')).not.toContain('KEY');
});

test('identityOf() issues anew for a host that is not named yet, and with a third of the life left', async () => {
  const directory = fresh('rotation');
  const clock = new ManualClock(Date.now());
  const authority = await openAuthority(directory, clock);
  const request = { role: 'ids-view', hosts: HOSTS };
  const first = await authority.identityOf(request);
  clock.advance(days(59));
  expect(await authority.identityOf(request)).toEqual(first);
  clock.advance(days(2));
  const second = await authority.identityOf(request);
  expect(endOf(second.certificate)).toBeGreaterThan(endOf(first.certificate) + days(60));
  const third = await authority.identityOf({ role: 'ids-view', hosts: [...HOSTS, '192.0.2.1'] });
  expect(new X509Certificate(third.certificate).checkIP('192.0.2.1')).toBe('192.0.2.1');
});

test('openAuthority() replaces itself in time, and believes the old one until it ends', async () => {
  const directory = fresh('old');
  const clock = new ManualClock(Date.now() - days(3000));
  const old = await openAuthority(directory, clock);
  const identity = await old.identityOf({ role: 'ids-view', hosts: HOSTS });
  const renewed = await openAuthority(directory);
  expect(certificatesOf(renewed.certificates)).toHaveLength(2);
  expect(renewed.certificates).toContain(old.certificates);
  const newer = await renewed.identityOf({ role: 'ids-view', hosts: HOSTS });
  expect(newer.certificate).not.toBe(identity.certificate);
  expect(await meet(newer, newer, 'ids-view')).toBe('you are ids-view');
});

test('what cannot be used is refused in one sentence', async () => {
  const directory = fresh('spoiled');
  const authority = await openAuthority(directory);
  await expect(authority.issue({ role: 'x', hosts: ['a b'] })).rejects.toThrow('"a b" is no host');
  await expect(authority.issue({ role: 'X', hosts: [] })).rejects.toThrow('"X" is no name');
  const path = join(directory, 'tls', 'authority.pem');
  chmodSync(path, 0o600);
  writeFileSync(path, 'spoiled');
  await expect(openAuthority(directory)).rejects.toThrow(
    `Cannot use "${path}": it must hold a key and a certificate; restore it from a backup`,
  );
});

test('loadCertificate() takes a given certificate with its own key, as long as it holds', async () => {
  const directory = fresh('given');
  const authority = await openAuthority(directory);
  const one = await authority.issue({ role: 'desktop-server', hosts: HOSTS });
  const two = await authority.issue({ role: 'desktop-server', hosts: HOSTS });
  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const certificate = file('one.crt', one.certificate);
  const key = file('one.key', one.key);
  const now = Date.now();
  expect(loadCertificate({ certificate, key }, now).ends).toBe(endOf(one.certificate));
  const both = file('both.pem', one.key + one.certificate);
  expect(loadCertificate({ certificate: both, key: both }, now)).toMatchObject({
    key: one.key + one.certificate,
  });
  const other = file('two.key', two.key);
  expect(() => loadCertificate({ certificate, key: other }, now)).toThrow(
    'is of another certificate',
  );
  expect(() => loadCertificate({ certificate, key }, now + days(91))).toThrow('it ended on');
  expect(() => loadCertificate({ certificate: `${key}-x`, key }, now)).toThrow(
    'Cannot read the certificate',
  );
});

test('roleOf() reads exactly one role', () => {
  const of = (subjectaltname: string): string | undefined => roleOf({ subjectaltname });
  expect(of('URI:emcee:role:ids-view, DNS:localhost')).toBe('ids-view');
  expect(of('DNS:localhost')).toBeUndefined();
  expect(of('URI:emcee:role:ids-view, URI:emcee:role:media-director')).toBeUndefined();
  expect(of('URI:emcee:role:')).toBeUndefined();
  expect(of('DNS:"a, URI:emcee:role:ids-view"')).toBeUndefined();
  expect(roleOf({})).toBeUndefined();
});
