import { expect, test, vi } from 'vitest';
import { testDatabase } from '#platform/database/testing.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import { shared } from '../../../../test/servers/shared.ts';
import { startIntake } from '../testing/test-intake.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Real servers on a busy machine take their time. */
const SOON = { timeout: 60_000 };

const dovecot = shared(startDovecot);

const letter = (subject: string, more = ''): string =>
  `From: customer@example.net\r\nTo: support@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.net>\r\n${more}\r\nHello\r\n`;

test('POP3: every message is fetched once by its name, and its age is that of its last server', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const filed = (): string[] => intake.filed.map(({ parsed }) => parsed.subject).toSorted();
  const received = 'Received: from a by b; Tue, 18 Jun 2019 12:00:00 +0000\r\n';
  await server.append('pop', [letter('m0', received), letter('m1')]);
  const mailbox = await intake.mailbox('pop', {
    receive: {
      type: 'pop3',
      host: '127.0.0.1',
      port: server.ports.pop3,
      security: 'none',
      signIn: { type: 'password', user: 'pop' },
      poll: 5_000,
    },
  });
  await expect.poll(filed, SOON).toEqual(['m0', 'm1']);
  const old = intake.filed.find(({ parsed }) => parsed.subject === 'm0');
  expect(old?.mail.receivedAt).toBe(Date.UTC(2019, 5, 18, 12));
  await server.append(
    'pop',
    ['m2', 'm3', 'm4'].map((name) => letter(name)),
  );
  await intake.methods.lookNow({ mailbox }, CALL);
  await expect.poll(filed, SOON).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  expect((await intake.methods.check({ mailbox }, CALL)).check).toMatchObject({
    server: 5,
    held: 5,
  });
});

const CALL = {} as Parameters<Awaited<ReturnType<typeof startIntake>>['methods']['check']>[1];
