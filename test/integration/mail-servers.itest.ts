import { once } from 'node:events';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { days } from '#base/time.ts';
import { startCyrus } from '../servers/cyrus.ts';
import { startDovecot } from '../servers/dovecot.ts';
import type { MailServer } from '../servers/mail-wires.ts';
import { shared } from '../servers/shared.ts';

const theServers = {
  Dovecot: shared(startDovecot),
  Cyrus: shared(startCyrus),
} as const;
const names = ['Dovecot', 'Cyrus'] as const;

async function open(server: MailServer, port: number): Promise<TLSSocket> {
  const socket = connect({ host: server.host, port, ca: server.authority });
  await once(socket, 'secureConnect');
  return socket.setEncoding('latin1');
}

/** What the server answers to a few commands over TLS, up to its closing the connection. */
async function converse(server: MailServer, port: number, commands: string): Promise<string> {
  const socket = await open(server, port);
  socket.write(commands);
  return (await socket.toArray()).join('');
}

test.for(names)(
  '%s holds what was delivered and appended, for any user, over a restart',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('first', ['Subject: One\r\n\r\n.\r\n..dots\r\n'], days(15));
    await server.deliver('second', 'Subject: Two\r\n\r\n.\r\n..dots\r\n', 'Subject: Three\r\n\r\n');
    await server.stop();
    await server.start();
    const commands = 'b select INBOX\r\nc fetch 1 (INTERNALDATE BODY.PEEK[])\r\nd logout\r\n';
    const first = `a login first ${server.password}\r\n${commands}`;
    const answer = await converse(server, server.ports.imaps, first);
    expect(answer).toContain('INTERNALDATE "16-Jan-1970 00:00:00 +0000"');
    expect(answer).toContain('BODY[] {27}\r\nSubject: One\r\n\r\n.\r\n..dots\r\n)');
    const second = `USER second\r\nPASS ${server.password}\r\nSTAT\r\nRETR 1\r\nQUIT\r\n`;
    expect(await converse(server, server.ports.pop3s, second)).toMatch(
      /^\+OK 2 \d+\r\n[\s\S]*^Subject: Two\r\n[\s\S]*\r\n\.\.\r\n\.\.\.dots\r\n\.\r\n/m,
    );
  },
);

test.for(names)('%s closes every connection when it stops', async (name, context) => {
  const server = await theServers[name](context);
  const sockets = await Promise.all([
    open(server, server.ports.imaps),
    open(server, server.ports.pop3s),
  ]);
  const rest = sockets.map((socket) => socket.toArray());
  await server.stop();
  expect(await Promise.all(rest)).toHaveLength(2);
  await server.start();
});
