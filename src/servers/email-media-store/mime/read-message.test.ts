import { expect, test } from 'vitest';
import { EMAIL_TEXT_LENGTH } from '#domain/email/email.ts';
import { readMessage } from './read-message.ts';
import type { MessageReading } from './read-message.ts';

interface Read {
  readonly mail: MessageReading;
  /** The bytes of its files, as text. */
  readonly files: readonly string[];
}

async function read(message: string | Buffer, cut = message.length || 1): Promise<Read> {
  const bytes = typeof message === 'string' ? Buffer.from(message, 'utf8') : message;
  const pieces = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, at) =>
    bytes.subarray(at * cut, (at + 1) * cut),
  );
  const files: Buffer[][] = [];
  const mail = await readMessage(pieces, {
    write(file, some) {
      (files[file] ??= []).push(Buffer.from(some));
      return undefined;
    },
  });
  return {
    mail,
    files: mail.files.map((_, at) => Buffer.concat(files[at] ?? []).toString('latin1')),
  };
}

const lines = (...some: readonly string[]): string => some.join('\r\n');

const MIXED = lines(
  'From: =?utf-8?q?M=C3=BCller=2C_X?= <x@example.net>',
  'To: undisclosed-recipients:;',
  'Cc: a@example.net, "Customer 2" <b@example.net>, Team: c@example.net, d@example.net;',
  'Subject: =?iso-2022-jp?B?GyRCRnxLXDhsGyhC?=',
  ' and more',
  'Message-ID: <one@example.net>',
  'In-Reply-To: <b@example.net>',
  'References: <a@example.net>',
  '\t<b@example.net> <a@example.net>',
  'Date: Tue, 18 Jun 2019 14:00:00 +0200 (CEST)',
  'Thread-Index: AdUlx0dHVnZXSEp4QZqvLpLn9xYkVgAAAAA=',
  'Delivered-To: support@example.com',
  'Content-Type: multipart/mixed; boundary="b 1"',
  '',
  'For old readers',
  '--b 1',
  'Content-Type: multipart/alternative; boundary=c',
  '',
  '--c',
  'Content-Type: text/plain; charset=koi8-r',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '=F0=D2=C9=D7=C5=D4 =',
  'you  ',
  '--c',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<style>p { color: red }</style><p>Hi &amp; <b>you</b></p>',
  '--c--',
  '--b 1',
  'Content-Type: image/png; name="=?utf-8?q?b=C3=BC.png?="',
  "Content-Disposition: attachment; filename*0*=utf-8''b%C3; filename*1*=%BC.png",
  'Content-Transfer-Encoding: base64',
  '',
  'aGVs',
  'bG8=',
  '--b 1',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  '',
  'inner body',
  '--b 1--',
  'Epilogue',
);

test('readMessage() reads headers, the text that was meant, and files', async () => {
  const { mail, files } = await read(MIXED);
  expect(mail).toMatchObject({
    messageId: 'one@example.net',
    inReplyTo: ['b@example.net'],
    references: ['a@example.net', 'b@example.net'],
    threadRoot: '01d525c74747567657484a78419aaf2e92e7f7162456',
    from: { name: 'Müller, X', address: 'x@example.net' },
    to: [],
    cc: [
      { name: '', address: 'a@example.net' },
      { name: 'Customer 2', address: 'b@example.net' },
      { name: '', address: 'c@example.net' },
      { name: '', address: 'd@example.net' },
    ],
    deliveredTo: ['support@example.com'],
    subject: '日本語 and more',
    sentAt: Date.UTC(2019, 5, 18, 12),
    text: 'Привет you',
    files: [
      { id: 'a1', name: 'bü.png', type: 'image/png', size: 5, inline: false },
      { id: 'a2', name: 'attachment-2.eml', type: 'message/rfc822' },
    ],
  });
  expect(mail.html).toContain('<p>Hi &amp; <b>you</b></p>');
  expect(files).toEqual(['hello', 'Subject: inner\r\n\r\ninner body']);
  expect(mail).not.toHaveProperty('unreadable');
});

test('readMessage() reads the same however the bytes are cut', async () => {
  const whole = await read(MIXED);
  for (const cut of [1, 2, 3, 7, 64, 1_000]) expect(await read(MIXED, cut)).toEqual(whole);
});

const inCharset = (charset: string, bytes: string): Buffer =>
  Buffer.concat([
    Buffer.from(`Subject: x\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n`),
    Buffer.from(bytes, 'hex'),
  ]);

test.for([
  ['utf-8', 'c3bc', 'ü'],
  ['"UTF-8"', 'c3bc', 'ü'],
  ['iso-8859-1', 'fc', 'ü'],
  ['iso-8859-15', 'a4', '€'],
  ['windows-1252', '80', '€'],
  ['windows-1250', 'b9', 'ą'],
  ['windows-1251', 'cff0e8', 'При'],
  ['koi8-r', 'f0d2c9', 'При'],
  ['iso-2022-jp', '1b2442467c1b2842', '日'],
  ['shift_jis', '93fa', '日'],
  ['cp932', '93fa', '日'],
  ['euc-kr', 'c7d1', '한'],
  ['ks_c_5601-1987', 'c7d1', '한'],
  ['big5', 'a4e9', '日'],
  ['gb18030', 'c8d5', '日'],
  ['gb2312', 'c8d5', '日'],
  ['utf-16le', 'e500', 'å'],
  ['cp850', '81', 'ü'],
  ['us-ascii', 'c3bc', 'ü'],
  ['', 'fc', 'ü'],
  ['no-such-set', 'c3bc', 'ü'],
  ['utf-7', '2b41447741', '+ADwA'], // it could hide a "<": it is shown as it is
  ['utf-8', 'ff', '\uFFFD'],
] as const)('readMessage() reads text in any character set: %j', async ([charset, bytes, text]) => {
  expect((await read(inCharset(charset, bytes))).mail.text).toBe(text);
});

test('readMessage() finds a name for whoever wrote, whatever stands in From', async () => {
  const from = async (...header: string[]) => (await read(lines(...header, '', 'x'))).mail.from;
  expect(await from('From: "Customer 1" <a@example.net>, b@example.net')).toEqual({
    name: 'Customer 1',
    address: 'a@example.net',
  });
  expect(await from('From: Mail Delivery', 'Sender: daemon@example.net')).toEqual({
    name: 'Mail Delivery',
    address: 'daemon@example.net',
  });
  expect(await from('From: <>')).toEqual({ name: '<>', address: '' });
  expect(await from('Subject: none')).toEqual({ name: '', address: '' });
});

test('E09: readMessage() tells a missing, an empty and a bare Message-ID apart', async () => {
  const id = async (...header: string[]) =>
    (await read(lines(...header, 'Subject: x', '', 'x'))).mail.messageId;
  expect(await id()).toBeUndefined();
  expect(await id('Message-ID:')).toBeUndefined();
  expect(await id('Message-ID: <>')).toBeUndefined();
  expect(await id('Message-ID: < >')).toBeUndefined();
  expect(await id('Message-ID: a@example.net')).toBe('a@example.net');
  expect(await id('Message-ID: <a@example.net> (made up)')).toBe('a@example.net');
  expect(await id('Message-ID: <a@example.net>', 'Message-ID: <b@example.net>')).toBe(
    'a@example.net',
  );
});

test('readMessage() takes marks of machines from headers', async () => {
  const { automation } = (
    await read(
      lines(
        'Return-Path: <>',
        'Auto-Submitted: Auto-Replied; owner=x',
        'Precedence: BULK',
        'X-Auto-Response-Suppress: All',
        'X-Autoreply: yes',
        'List-Id: <news.example.net>',
        '',
        'x',
      ),
    )
  ).mail;
  expect(automation).toEqual({
    autoSubmitted: 'auto-replied',
    precedence: 'bulk',
    isList: true,
    suppress: 'all',
    marks: ['x-autoreply'],
    hasNullSender: true,
  });
});

test('readMessage() reads what became of a message from a delivery report (RFC 3464)', async () => {
  const { mail } = await read(
    lines(
      'Subject: Undelivered',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      '',
      'Sorry.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mail.example.net',
      '',
      'Original-Recipient: rfc822;customer@example.net',
      'Final-Recipient: rfc822; customer@inner.example.net',
      'Action: failed',
      'Status: 5.1.1 (no such mailbox)',
      'Diagnostic-Code: smtp; 550 5.1.1',
      '  No such mailbox',
      '',
      'Final-Recipient: rfc822; other@example.net',
      'Action: delayed',
      'Status: 4.4.1',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Message-ID: <ours@example.com>',
      'Subject: Answer',
      '',
      'x',
      '--b--',
    ),
  );
  expect(mail.text).toBe('Sorry.');
  expect(mail.files.map(({ type }) => type)).toEqual(['message/delivery-status', 'message/rfc822']);
  expect(mail.report).toEqual({
    originalMessageId: 'ours@example.com',
    recipients: [
      {
        address: 'customer@example.net',
        action: 'failed',
        status: '5.1.1',
        diagnostic: '550 5.1.1 No such mailbox',
      },
      { address: 'other@example.net', action: 'delayed', status: '4.4.1', diagnostic: '' },
    ],
  });
});

test('readMessage() shows images that a text refers to within it', async () => {
  const { mail } = await read(
    lines(
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<img src="cid:logo@x">',
      '--b',
      'Content-Type: image/png',
      'Content-ID: <logo@x>',
      '',
      'png',
      '--b--',
    ),
  );
  expect(mail.files).toMatchObject([
    { inline: true, contentId: 'logo@x', name: 'attachment-1.png' },
  ]);
});

test('readMessage() keeps what is longer than anybody reads within its bounds, and says so', async () => {
  const { mail } = await read(`Subject: ${'s'.repeat(5_000)}\r\n\r\n${'long '.repeat(100_000)}`);
  expect(mail.subject).toHaveLength(1_000);
  expect(mail.text).toHaveLength(EMAIL_TEXT_LENGTH);
  expect(mail.unreadable).toContain('the rest is in the original');
});

test('readMessage() stores nothing that PostgreSQL cannot hold', async () => {
  const { mail } = await read(
    'Subject: a\0b\r\nFrom: "x\0y" <a@example.net>\r\n\r\nText\0 end\uD800',
  );
  expect(JSON.stringify(mail)).not.toMatch(/\\u0000|\\ud800/i);
  expect(mail.text).toContain('Text end');
});

test.for([
  ['nothing at all', ''],
  ['no header', '\r\n\r\nBody'],
  ['no body', 'Subject: x'],
  ['a boundary that never comes', lines('Content-Type: multipart/mixed; boundary=b', '', 'text')],
  ['parts without a boundary', lines('Content-Type: multipart/mixed', '', 'text')],
  ['bare line feeds', 'Subject: x\n\ntext'],
  ['broken base64', lines('Content-Transfer-Encoding: base64', '', '!!!!===a')],
  ['broken quoted-printable', lines('Content-Transfer-Encoding: quoted-printable', '', 'a=zz=')],
  [
    'a part that is not closed',
    lines('Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x'),
  ],
] as const)('E13: readMessage() gets along with what is broken: %j', async ([, message]) => {
  const { mail } = await read(message);
  expect(mail.subject.length + mail.text.length).toBeLessThan(20);
});

test.for(['before', 'behind'])(
  'E13: a header with 20,000 recipients is read, with what stands %s them',
  async (place) => {
    const many = Array.from({ length: 20_000 }, (_, at) => `c${at}@customer.example`);
    const cc = `Cc: ${many.join(',\r\n ')}`;
    const own = lines(
      'From: Customer 1 <customer1@customer.example>',
      'Subject: My order',
      'Message-ID: <one@customer.example>',
      'References: <ours@shop.example>',
      'Content-Type: text/html',
    );
    const header = place === 'behind' ? [cc, own] : [own, cc];
    const { mail } = await read(lines(...header, '', '<b>Hello</b>'), 65_536);
    expect(mail).toMatchObject({
      from: { name: 'Customer 1', address: 'customer1@customer.example' },
      subject: 'My order',
      messageId: 'one@customer.example',
      references: ['ours@shop.example'],
      files: [],
      text: '',
    });
    expect(mail.cc).toHaveLength(500);
    expect(mail.unreadable).toContain('too long');
  },
);

test('E13: a header that never ends is read up to a bound', async () => {
  const { mail } = await read(`Subject: My order\r\n${'X: y\r\n'.repeat(500_000)}`, 65_536);
  expect(mail).toMatchObject({ subject: 'My order', text: '' });
  expect(mail.unreadable).toContain('too long');
});
