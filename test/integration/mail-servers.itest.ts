import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { startDovecot } from '../servers/dovecot.ts';
import type { MailServer } from '../servers/mail-wires.ts';
import { shared } from '../servers/shared.ts';

const theDovecot = shared(startDovecot);

/** What the server answers to a few commands over TLS, up to its closing the connection. */
async function converse(server: MailServer, port: number, commands: string): Promise<string> {
  const socket = connect({
    host: server.host,
    port,
    ca: server.authority,
    servername: 'localhost',
  });
  await once(socket, 'secureConnect');
  socket.write(commands);
  return (await socket.setEncoding('latin1').toArray()).join('');
}

test('startDovecot() holds what was delivered and appended, for any user, over a restart', async (context) => {
  const dovecot = await theDovecot(context);
  await dovecot.append('first', ['Subject: One\r\n\r\n.\r\n..dots \r\n'], 0);
  await dovecot.deliver('second', 'Subject: Two\r\n\r\n.\r\n..dots\r\n', 'Subject: Three\r\n\r\n');
  await dovecot.stop();
  await dovecot.start();
  const first =
    'a login first test\r\nb select INBOX\r\nc fetch 1 (INTERNALDATE BODY.PEEK[])\r\nd logout\r\n';
  expect(await converse(dovecot, dovecot.ports.imaps, first)).toContain(
    'INTERNALDATE "01-Jan-1970 00:00:00 +0000" BODY[] {28}\r\nSubject: One\r\n\r\n.\r\n..dots ',
  );
  const second = 'USER second\r\nPASS test\r\nSTAT\r\nRETR 1\r\nQUIT\r\n';
  expect(await converse(dovecot, dovecot.ports.pop3s, second)).toMatch(
    /^\+OK 2 \d+\r\n[\s\S]*\r\nSubject: Two\r\n\r\n\.\.\r\n\.\.\.dots\r\n\.\r\n/m,
  );
});
