import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { days } from '#base/time.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { startDovecot } from '../../../test/servers/dovecot.ts';
import { shared } from '../../../test/servers/shared.ts';
import { IS_SOAK, SEED, randomFrom } from '../../../test/weather/random.ts';
import { MIGRATIONS, SCHEMA } from './tables/schema.ts';

const dovecot = shared(startDovecot);
const PROCESS = new URL('../../../test/doubles/mail-intake-process.ts', import.meta.url);

const KILLS = IS_SOAK ? 100 : 8;
const MAILS = 400;

const letter = (at: number): string =>
  [
    `From: customer@example.net`,
    `Subject: m${at}`,
    ...(at % 3 === 0 ? [] : [`Message-ID: <m${at}@example.net>`]), // nothing hangs on it
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    `Text ${at}`,
    '--b',
    'Content-Type: application/octet-stream; name=a.bin',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.alloc(500 + at, at)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n'),
    '--b--',
    '',
  ].join('\r\n');

test(
  `E07: kill -9 anywhere between fetching and filing: every message is filed exactly once (seed ${SEED})`,
  async (context) => {
    const server = await dovecot(context);
    const random = randomFrom(SEED);
    await using life = new AsyncDisposableStack();
    const database = life.use(await testDatabase());
    await database.migrate(SCHEMA, MIGRATIONS);
    const letters = Array.from({ length: MAILS }, (_, at) => letter(at));
    await server.append('killed', letters, Date.now() - days(1));
    const settings = JSON.stringify({
      receive: {
        type: 'imap',
        host: '127.0.0.1',
        port: server.ports.imap,
        security: 'none',
        signIn: { type: 'password', user: 'killed' },
      },
    });
    const filed = async (): Promise<number> => {
      const [row] = await database.query<{ count: number }>({
        text: `select count(*) from email.received where state = 'filed'`,
      });
      return row?.count ?? 0;
    };
    let kills = 0;
    for (let already = 0; already < MAILS; kills++) {
      const child = fork(PROCESS, [database.url, settings], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const exited = once(child, 'exit');
      // Somewhere in its work: while it is fetching and storing, or so much has been filed
      const until = kills < KILLS ? random(Math.floor(MAILS / KILLS)) : MAILS;
      let count = 0;
      child.on('message', (some) => {
        count += Number(some);
        if (count > until) setTimeout(() => child.kill('SIGKILL'), random(15));
      });
      const poll = setInterval(
        () => void filed().then((now) => now === MAILS && child.kill('SIGKILL')),
        250,
      );
      await exited;
      clearInterval(poll);
      already = await filed();
    }
    const [found] = await database.query<Record<string, number>>({
      text: `select (select count(*) from filed) as filed,
        (select count(distinct subject) from filed) as subjects,
        (select count(*) from email.received) as received,
        (select count(*) from email.received_keys) as keys,
        (select count(*) from email.blobs where sha256 is null) as half`,
    });
    expect(found).toEqual({ filed: MAILS, subjects: MAILS, received: MAILS, keys: MAILS, half: 0 });
    expect(kills).toBeGreaterThanOrEqual(KILLS / 2);
  },
  120_000 + KILLS * 15_000,
);
