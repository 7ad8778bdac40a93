import { Readable } from 'node:stream';
import PostalMime, { type Email } from 'postal-mime';
import { expect, test } from 'vitest';
import {
  type AttachmentToCompose,
  type MessageToCompose,
  composeMessage,
} from './compose-message.ts';

const file = (
  name: string,
  bytes: string,
  changes: Partial<AttachmentToCompose> = {},
): AttachmentToCompose => ({
  name,
  type: 'application/pdf',
  inline: false,
  read: () => Readable.from([Buffer.from(bytes)]),
  ...changes,
});

const IMAGE = { type: 'image/png', inline: true, contentId: 'logo@draft' };

const bytesOf = async (changes: Partial<MessageToCompose> = {}): Promise<Buffer> =>
  Buffer.concat(
    await composeMessage({
      messageId: 'one.token@shop.example',
      at: Date.parse('2026-06-01T10:00:00Z'),
      from: { name: 'Shop', address: 'support@shop.example' },
      replyTo: undefined,
      to: [{ name: 'Customer 1', address: 'customer@customer.example' }],
      cc: [],
      subject: 'Your order',
      text: 'Here it is.',
      html: undefined,
      references: [],
      inReplyTo: undefined,
      attachments: [],
      ...changes,
    }).toArray(),
  );

/** As another program reads it. */
const parse = (bytes: Buffer): Promise<Email> => PostalMime.parse(bytes);

const namesOf = ({ attachments }: Email): string[] =>
  attachments.map(({ filename }) => filename ?? '');

const linesOf = async (changes: Partial<MessageToCompose> = {}): Promise<string[]> =>
  (await bytesOf(changes)).toString('latin1').split('\r\n');

test('M08: composeMessage() makes plain text of what is plain', async () => {
  expect(await linesOf()).toEqual([
    'Message-ID: <one.token@shop.example>',
    'From: Shop <support@shop.example>',
    'To: Customer 1 <customer@customer.example>',
    'Subject: Your order',
    'Date: Mon, 01 Jun 2026 10:00:00 +0000',
    'Content-Transfer-Encoding: 7bit',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Here it is.',
    '',
  ]);
});

test('M08: composeMessage() nests text, HTML, what it shows and what is attached, nothing is missing', async () => {
  const bytes = await bytesOf({
    html: '<p>Here: <img src="cid:logo@draft"></p>',
    attachments: [
      file('bill.pdf', 'bill'),
      file('logo.png', 'logo', IMAGE),
      file('terms.pdf', 'terms'),
    ],
  });
  const structure = bytes
    .toString('latin1')
    .split('\r\n')
    .filter((line) => /^Content-(?:Type|Disposition|ID)/.test(line))
    .map((line) => line.replace(/; boundary=.*| *;$/, ''));
  expect(structure).toEqual([
    'Content-Type: multipart/mixed',
    'Content-Type: multipart/alternative',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Type: multipart/related; type="text/html"',
    'Content-Type: text/html; charset=utf-8',
    'Content-Type: image/png; name=logo.png',
    'Content-ID: <logo@draft>',
    'Content-Disposition: inline; filename=logo.png',
    'Content-Type: application/pdf; name=bill.pdf',
    'Content-Disposition: attachment; filename=bill.pdf',
    'Content-Type: application/pdf; name=terms.pdf',
    'Content-Disposition: attachment; filename=terms.pdf',
  ]);
  const parsed = await parse(bytes);
  expect(
    parsed.attachments.map(({ filename, content }) => [
      filename,
      Buffer.from(content as ArrayBuffer).toString(),
    ]),
  ).toEqual([
    ['logo.png', 'logo'],
    ['bill.pdf', 'bill'],
    ['terms.pdf', 'terms'],
  ]);
});

test('M08: composeMessage() is understood in every script, names of files included', async () => {
  const bytes = await bytesOf({
    subject: `Grüße ✓ ${'и так далее '.repeat(20)}`.trim(),
    from: { name: 'Süd, "Laden"', address: 'support@shop.example' },
    to: [{ name: '顧客', address: 'customer@bücher.example' }],
    text: `Schöne Grüße\n${'x'.repeat(3_000)}\nFrom here\n.\n`,
    attachments: [
      file('Übersicht — "2026".pdf', '1'),
      file('顧客.pdf', '2'),
      file('a'.repeat(150), '3'),
    ],
  });
  expect(
    Math.max(
      ...bytes
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.length),
    ),
  ).toBeLessThan(999);
  expect(bytes.every((byte) => byte < 128)).toBe(true);
  const parsed = await parse(bytes);
  expect(parsed.subject).toBe(`Grüße ✓ ${'и так далее '.repeat(20)}`.trim());
  expect(parsed.from).toEqual({ name: 'Süd, "Laden"', address: 'support@shop.example' });
  expect(parsed.text?.trimEnd()).toBe(`Schöne Grüße\n${'x'.repeat(3_000)}\nFrom here\n.`);
  expect(namesOf(parsed)).toEqual(['Übersicht — "2026".pdf', '顧客.pdf', 'a'.repeat(150)]);
});

test('composeMessage() gives the same bytes every time', async () => {
  const changes = { html: '<p>x</p>', attachments: [file('a.pdf', 'a')] };
  expect(await bytesOf(changes)).toEqual(await bytesOf(changes));
});

test.each([
  { subject: 'One\r\nBcc: thief@evil.example\r\n\r\nBody' },
  { from: { name: 'Shop\r\nBcc: thief@evil.example', address: 'support@shop.example' } },
  {
    to: [{ name: 'x\nBcc: thief@evil.example', address: 'a@b.example\r\nBcc: thief@evil.example' }],
  },
  { references: ['a@b\r\nBcc: thief@evil.example'], inReplyTo: 'a@b>\r\nBcc: thief@evil.example' },
  {
    attachments: [
      file('a"\r\nBcc: thief@evil.example\r\n.pdf', 'a', { type: 'a/b\r\nBcc: x@y.z' }),
    ],
  },
  {
    html: '<img src="cid:x">',
    attachments: [file('a', 'a', { ...IMAGE, contentId: 'x>\r\nBcc: thief@evil.example' })],
  },
])('composeMessage() lets nobody begin a header: %o', async (changes) => {
  const { headers } = await parse(await bytesOf(changes));
  expect(headers.filter(({ key }) => key === 'bcc')).toEqual([]);
  expect((await bytesOf(changes)).toString('latin1')).not.toMatch(/^Bcc:/im);
});

test('composeMessage() names the thread, its first and its newest of many', async () => {
  const references = Array.from({ length: 200 }, (_, at) => `r${at}@customer.example`);
  const parsed = await parse(
    await bytesOf({ references: [...references, 'broken id'], inReplyTo: 'r199@customer.example' }),
  );
  expect(parsed.inReplyTo).toBe('<r199@customer.example>');
  const named = parsed.references?.split(/\s+/) ?? [];
  expect(named).toHaveLength(30);
  expect(named.slice(0, 2)).toEqual(['<r0@customer.example>', '<r171@customer.example>']);
  expect(named.at(-1)).toBe('<r199@customer.example>');
});

test('E19: composeMessage() says of what is sent by itself that it is, so that no machine answers', async () => {
  const lines = await linesOf({ automatic: 'auto-replied' });
  expect(lines).toContain('Auto-Submitted: auto-replied');
  expect(lines).toContain('X-Auto-Response-Suppress: All');
  expect((await linesOf()).join('\n')).not.toMatch(/Auto-/);
});

test('composeMessage() names nobody where all are blind copies', async () => {
  expect(await linesOf({ to: [] })).toContain('To: "undisclosed-recipients":;');
});

test('composeMessage() holds little of a large file at a time', async () => {
  let read = 0;
  const huge = file('huge.bin', '', {
    async *read() {
      for (; read < 400; read++) yield Buffer.alloc(65_536, read);
    },
  });
  const stream = composeMessage({
    messageId: 'one@shop.example',
    at: 0,
    from: { name: '', address: 'support@shop.example' },
    replyTo: undefined,
    to: [],
    cc: [],
    subject: '',
    text: '',
    html: undefined,
    references: [],
    inReplyTo: undefined,
    attachments: [huge],
  });
  for await (const _ of stream) break; // nobody reads on
  expect(read).toBeLessThan(20);
});
