import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { afterAll, expect, test } from 'vitest';
import { ManualClock, minutes, seconds, systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { openAuthority } from '#platform/tls/authority.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import { ServerMissing } from '../../../../test/servers/shared.ts';
import { skipOrFail } from '../../../../test/servers/skip-or-fail.ts';
import { bulk, letter } from '../testing/sources.ts';
import { openReception } from './reception.ts';
import type { HandedMail, Reception, ReceptionOptions } from './reception.ts';

const root = mkdtempSync(join(tmpdir(), 'emcee-reception-'));
afterAll(() => rmSync(root, { recursive: true }));
const authority = await openAuthority(root);
const shown = await authority.issue({ role: 'mail-server', hosts: ['localhost'] });
const silent = { debug() {}, info() {}, warning() {}, fault() {} } as unknown as Trace;

/** A message as it was kept. */
interface Kept {
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

interface Opened extends AsyncDisposable {
  readonly reception: Reception;
  readonly kept: Kept[];
  /** What kept nothing was told, each time. */
  readonly broken: string[];
}

async function open(
  more: Partial<ReceptionOptions> = {},
  clock: Clock = systemClock,
): Promise<Opened> {
  const kept: Kept[] = [];
  const broken: string[] = [];
  const keep = async ({ mailFrom, recipients, content }: HandedMail): Promise<void> => {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of content) pieces.push(piece);
    } catch (error) {
      broken.push(String(error));
      throw error;
    }
    kept.push({ mailFrom, recipients, raw: Buffer.concat(pieces) });
  };
  const reception = await openReception({
    place: { address: '127.0.0.1', port: 0 },
    name: 'centre.example.com',
    shown,
    largest: 1_000_000,
    accepts: (address) =>
      Promise.resolve(
        address.endsWith('@example.com') ? 'yes' : address.startsWith('later') ? 'later' : 'no',
      ),
    deliver: keep,
    clock,
    trace: silent,
    ...more,
  });
  return { reception, kept, broken, [Symbol.asyncDispose]: () => reception[Symbol.asyncDispose]() };
}

/** Says these lines one after the other. @returns The last line of each answer. */
async function converse(port: number, ...lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const answers: string[] = [];
  const reading = createInterface({ input: socket, crlfDelay: Infinity });
  const left = [...lines];
  for await (const line of reading) {
    if (!/^\d{3} /.test(line)) continue;
    answers.push(line);
    const next = left.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`, 'latin1');
  }
  socket.destroy();
  return answers;
}

const codes = async (port: number, ...lines: readonly string[]): Promise<string> =>
  (await converse(port, ...lines)).map((line) => line.slice(0, 3)).join(' ');

test('openReception() takes a message as it is, once it is kept, with what the envelope said before it', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 22, 19, 14, 10));
  await using opened = await open({}, clock);
  const said = await codes(
    opened.reception.port,
    'EHLO customer.example.net',
    'MAIL FROM:<customer@example.net> BODY=8BITMIME',
    'RCPT TO:<support@example.com>',
    'RCPT TO:<sales@example.com>',
    'DATA',
    'Subject: One\r\n\r\n..\r\n..dots\r\n\u00E9\u00FF\n.\nlone\r\n.',
    'QUIT',
  );
  expect(said).toBe('220 250 250 250 250 354 250 221');
  expect(opened.kept).toEqual([
    {
      mailFrom: 'customer@example.net',
      recipients: ['support@example.com', 'sales@example.com'],
      raw: expect.any(Buffer) as Buffer,
    },
  ]);
  expect(opened.kept[0]?.raw.toString('latin1')).toMatch(
    /^Return-Path: <customer@example.net>\r\nReceived: from customer.example.net \(\[127.0.0.1\]\)\r\n\tby centre.example.com \(Emcee\) with ESMTP id \w+;\r\n\tSun, 22 Nov 2026 19:14:10 \+0000\r\nSubject: One\r\n\r\n\.\r\n\.dots\r\n\u00E9\u00FF\n\.\nlone\r\n$/,
  );
});

test('openReception() relays nothing, and tells what can wait from what cannot', async () => {
  await using opened = await open({
    accepts: (address) => {
      if (address.startsWith('broken')) return Promise.reject(new Error('no database'));
      return Promise.resolve(address.startsWith('later') ? 'later' : 'no');
    },
  });
  const answers = await converse(
    opened.reception.port,
    'EHLO x',
    'RCPT TO:<support@example.com>',
    'MAIL FROM:<>',
    'RCPT TO:<customer@example.org>',
    'RCPT TO:<customer%example.org@example.com>',
    'RCPT TO:<later@example.com>',
    'RCPT TO:<broken@example.com>',
    'DATA',
    'AUTH PLAIN AAAA',
    'VRFY support',
  );
  expect(answers.slice(2)).toEqual([
    expect.stringMatching(/^503 /),
    expect.stringMatching(/^250 /),
    expect.stringMatching(/^550 5\.1\.1 No such mailbox here/),
    expect.stringMatching(/^550 /),
    expect.stringMatching(/^451 4\.3\.0 Cannot take it now/),
    expect.stringMatching(/^451 /),
    expect.stringMatching(/^503 /),
    expect.stringMatching(/^500 /),
    expect.stringMatching(/^252 /),
  ]);
  expect(opened.kept).toEqual([]);
});

test('openReception() has a sender come again where nothing was kept', async () => {
  let attempts = 0;
  await using opened = await open({
    deliver: async ({ content }) => {
      if (attempts++ === 0) throw new Error('no room');
      for await (const _ of content);
    },
  });
  const letters = ['MAIL FROM:<c@example.net>', 'RCPT TO:<s@example.com>', 'DATA', `${letter(1)}.`];
  expect(await codes(opened.reception.port, 'EHLO x', ...letters, ...letters)).toBe(
    '220 250 250 250 354 451 250 250 354 250',
  );
});

test('openReception() takes no message that is too large, told before or not', async () => {
  await using opened = await open({ largest: 100_000 });
  const large = bulk(300_000).toString('latin1');
  const said = await codes(
    opened.reception.port,
    'EHLO x',
    'MAIL FROM:<c@example.net> SIZE=100001',
    'MAIL FROM:<c@example.net>',
    'RCPT TO:<s@example.com>',
    'DATA',
    `${large}.`,
    'MAIL FROM:<c@example.net>',
    'RCPT TO:<s@example.com>',
    'DATA',
    `${letter(1)}.`,
  );
  expect(said).toBe('220 250 552 250 250 354 552 250 250 354 250');
  expect(opened.kept).toHaveLength(1);
  expect(opened.broken).toEqual([expect.stringContaining('larger than any')]);
});

test('openReception() keeps nothing of a message whose sender goes away', async () => {
  await using opened = await open();
  const half = ['EHLO x', 'MAIL FROM:<c@example.net>', 'RCPT TO:<s@example.com>', 'DATA'];
  expect(await codes(opened.reception.port, ...half)).toBe('220 250 250 250 354');
  await expect.poll(() => opened.broken).toHaveLength(1);
  expect(opened.kept).toEqual([]);
});

test('openReception() lets nobody stay for ever, nor come too often', async () => {
  const clock = new ManualClock(Date.now());
  await using opened = await open({ connectionsOfOne: 2 }, clock);
  const { port } = opened.reception;
  const visitors = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  const closed = visitors.map((socket) => once(socket.resume(), 'close'));
  await Promise.all(visitors.map((socket) => once(socket, 'data')));
  expect(await converse(port)).toEqual([expect.stringMatching(/^421 .*Too many connections/)]);
  clock.advance(minutes(31));
  await Promise.all(closed);
  await expect.poll(() => codes(port, 'EHLO x')).toBe('220 250');
});

test('openReception() ends with a sender who talks and has nothing to say', async () => {
  const clock = new ManualClock(Date.now());
  await using opened = await open({}, clock);
  const socket = connect(opened.reception.port, '127.0.0.1').resume();
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => void socket.on('close', resolve));
  await once(socket, 'data');
  let said = 0;
  const talk = setInterval(() => {
    said += 50_000;
    socket.write('NOOP\r\n'.repeat(50_000));
    clock.advance(seconds(10));
  }, 10);
  await closed;
  clearInterval(talk);
  expect(said).toBeGreaterThan(500_000);
});

test('openReception() takes nothing that was said before TLS for something said within', async () => {
  await using opened = await open();
  const transport = createTransport({
    host: 'localhost',
    port: opened.reception.port,
    requireTLS: true,
    tls: { ca: shown.authority },
  });
  await transport.sendMail({
    from: 'customer@example.net',
    to: 'support@example.com',
    text: 'Hello',
  });
  expect(opened.kept[0]?.raw.toString()).toContain('with ESMTPS id');
  const answers = await converse(
    opened.reception.port,
    'EHLO x',
    'STARTTLS\r\nMAIL FROM:<c@example.net>\r\nRCPT TO:<s@example.com>\r\nDATA\r\nx\r\n.',
  );
  expect(answers.at(-1)).toMatch(/^220 /);
  expect(opened.kept).toHaveLength(1);
});

test('openReception() outlives whatever bytes it is sent', async () => {
  await using opened = await open();
  const { port } = opened.reception;
  const words = [
    'EHLO x\r\n',
    'MAIL FROM:<c@example.net>\r\n',
    'RCPT TO:<s@example.com>\r\n',
    'DATA\r\n',
    '.\r\n',
    '\r\n.\r\n',
    'STARTTLS\r\n',
    'BDAT 99999999999\r\n',
    'RSET\r\n',
    '\0',
    '<',
    '\u00FF\u00FE',
    '\n',
    ' SIZE=1e99',
    ':',
    '@'.repeat(70_000),
  ];
  const visit = async (parts: readonly string[]): Promise<void> => {
    const socket = connect(port, '127.0.0.1').resume();
    const closed = new Promise((resolve) => void socket.on('close', resolve));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    for (const part of parts) socket.write(part, 'latin1');
    socket.end();
    await closed;
  };
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 30 }), visit), {
    numRuns: 150,
  });
  expect(await codes(port, 'EHLO x', 'MAIL FROM:<c@example.net>')).toBe('220 250 250');
});

test('a mail server that relays to us is answered as it expects', async (context) => {
  await using opened = await open();
  await using dovecot = await startDovecot({ relay: opened.reception.port }).catch(
    (error: unknown) => {
      if (error instanceof ServerMissing) return skipOrFail(context, error.message);
      throw error;
    },
  );
  const transport = createTransport({
    host: 'localhost',
    port: dovecot.ports.submission,
    requireTLS: true,
    auth: { user: 'customer', pass: dovecot.password },
    tls: { ca: dovecot.authority },
  });
  const message = { from: 'customer@example.net', subject: 'Relayed \u00E9', text: '.\n..\nHello' };
  await transport.sendMail({ ...message, to: 'support@example.com' });
  expect(opened.kept[0]?.raw.toString()).toContain('Subject: =?UTF-8?Q?Relayed_=C3=A9?=');
  await expect(transport.sendMail({ ...message, to: 'nobody@example.org' })).rejects.toMatchObject({
    responseCode: 550,
  });
});
