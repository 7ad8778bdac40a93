import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testDatabase } from '#platform/database/testing.ts';
import { startFetchingStore } from '../../../test/doubles/email-store-process.ts';
import type { EmailStoreOptions } from '../../../test/doubles/email-store-process.ts';
import { startDovecot } from '../../../test/servers/dovecot.ts';
import { shared } from '../../../test/servers/shared.ts';
import { filedMails } from './testing/test-tables.ts';
import { until } from './testing/until.ts';

const PROCESS = new URL('../../../test/doubles/email-store-process.ts', import.meta.url);
const KILLS = process.env['EMCEE_SOAK'] ? 40 : 5;
/** Mails that come in between two kills, and how many of them are about the same matter. */
const MAILS = 90;
const OF_ONE_MATTER = 3;

const dovecot = shared(startDovecot);

/** Mails as customers write them: some are the first of a matter, the others answer the one before. */
function letter(number: number): string {
  const isFirst = number % OF_ONE_MATTER === 0;
  const matter = Math.floor(number / OF_ONE_MATTER);
  return [
    `From: Customer ${matter} <customer${matter}@customer${matter}.example>`,
    'To: killed@shop.example',
    `Subject: ${isFirst ? '' : 'Re: '}Matter ${matter}`,
    `Message-ID: <m${number}@customer.example>`,
    ...(isFirst ? [] : [`References: <m${number - 1}@customer.example>`]),
    '',
    `Mail ${number}`,
    '',
  ].join('\r\n');
}

/** Lets a store work for a while, then kills it. */
async function killAfter(options: EmailStoreOptions, delay: number): Promise<void> {
  const child = fork(PROCESS, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  await once(child, 'message');
  await sleep(delay);
  child.kill('SIGKILL');
  await exited;
}

test(
  'E07: kill -9 at any moment from the mail at its server to the work item: nothing is lost, nothing is doubled',
  async (context) => {
    const server = await dovecot(context);
    await using life = new AsyncDisposableStack();
    const database = life.use(await testDatabase());
    const directory = await mkdtemp(join(tmpdir(), 'killed-'));
    life.defer(() => rm(directory, { recursive: true }));
    const { imap: imapPort } = server.ports;
    const options = { databaseUrl: database.url, directory, imapPort, user: 'killed' };
    let sent = 0;
    const send = async (count: number): Promise<void> => {
      const letters = Array.from({ length: count }, (_, at) => letter(sent + at));
      sent += count;
      await server.append('killed', letters);
    };
    await send(MAILS);
    for (let kill = 0; kill < KILLS; kill++) {
      await Promise.all([send(MAILS), killAfter(options, 40 + ((kill * 137) % 700))]);
    }

    const { director, store } = life.use(await startFetchingStore(options));
    const filed = await until(async () => {
      const mails = await filedMails(database);
      return mails.length >= sent && mails;
    });
    expect(filed.map(({ messageId }) => messageId).toSorted()).toEqual(
      Array.from({ length: sent }, (_, number) => `m${number}@customer.example`).toSorted(),
    );
    const matters = Map.groupBy(filed, ({ conversation }) => conversation);
    expect(matters.size).toBe(sent / OF_ONE_MATTER);
    for (const mails of matters.values()) {
      expect(mails.map(({ number }) => number)).toEqual([1, 2, 3]);
    }
    await until(() => [...matters.keys()].every((conversation) => director.itemOf(conversation)));
    expect(director.centre.items.size).toBe(matters.size);

    const { position } = await store.call.position({});
    const positions: number[] = [];
    let told = 0;
    for await (const { event } of store.follow.events({ since: 0 })) {
      positions.push(event.position);
      if (event.body.type === 'email-filed') told += 1;
      if (event.position >= position) break;
    }
    expect(positions).toEqual(Array.from({ length: position }, (_, at) => at + 1));
    expect(told).toBe(sent);
  },
  KILLS * 30_000,
);
