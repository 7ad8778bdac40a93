import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WebHandler } from '#platform/platform.ts';
import { openTestInstallation } from './test-installation.ts';

/** Asks over HTTPS; resolves with the status and the whole answer. */
async function ask(port: number, ca: string): Promise<string> {
  const sent = httpsRequest({ port, host: '127.0.0.1', servername: 'localhost', ca, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  const parts: Buffer[] = await Array.fromAsync(response);
  return `${response.statusCode} ${Buffer.concat(parts).toString()}`;
}

test('Doors.http() serves HTTPS by the private authority, or with a given certificate', async () => {
  await using installation = openTestInstallation();
  await using elsewhere = openTestInstallation();
  const handler: WebHandler = { request: (request, response) => response.end(request.url) };
  const own = await installation.open('desktop-server').doors.http('desktop-https', handler);
  const authority = await installation.authority();
  expect(await ask(own?.port ?? 0, authority.certificates)).toBe('200 /');

  const given = await (
    await elsewhere.authority()
  ).issue({ role: 'desktop-server', hosts: ['localhost'] });
  const certificate = join(installation.directory, 'given.pem');
  writeFileSync(certificate, given.certificate + given.key);
  const { doors } = installation.open('desktop-server', { certificate });
  const door = await doors.http('desktop-https', handler);
  expect(door?.tls).toBe(true);
  expect(await ask(door?.port ?? 0, given.authority)).toBe('200 /');
  await expect(ask(door?.port ?? 0, authority.certificates)).rejects.toThrow('certificate');
});

test('Doors.http() refuses a certificate that cannot be used, in one sentence', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open('desktop-server', { certificate: '/nowhere.pem' });
  const opening = doors.http('desktop-https', { request: () => undefined });
  await expect(opening).rejects.toThrow('Cannot read the certificate "/nowhere.pem"');
});

test('Doors.http() lets requests in flight finish when it closes, and takes no new ones', async () => {
  await using installation = openTestInstallation();
  const asked = Promise.withResolvers<ServerResponse>();
  const handler: WebHandler = { request: (_request, response) => asked.resolve(response) };
  const door = await installation.open('desktop-server').doors.http('desktop-http', handler);
  const port = door?.port ?? 0;
  const sent = httpRequest({ port, host: '127.0.0.1' });
  sent.end();
  const response = await asked.promise;
  const closed = door?.[Symbol.asyncDispose]();
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  const answered = once(sent, 'response');
  response.end('late');
  const [answer] = await answered;
  expect(answer.statusCode).toBe(200);
  answer.resume();
  await closed;
});
