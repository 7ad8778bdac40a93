import { expect, test } from 'vitest';
import { readLetter } from './read-letter.ts';

async function* message(...lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\r\n'));
}

test('readLetter() reads the text that an e-mail begins with, and what answers to it need', async () => {
  const letter = await readLetter(
    message(
      'From: =?utf-8?Q?J=C3=B6rg_at_Support?= <support@lab.example>',
      'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
      'Message-ID: <2@lab.example>',
      'References: <1@home.example>',
      'Auto-Submitted: auto-replied',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Sch=C3=B6n,',
      'it is on its =',
      'way.',
      '--inner',
      'Content-Type: text/html',
      '',
      '<p>Sch&ouml;n</p>',
      '--inner--',
      '--outer',
      'Content-Type: text/plain; name=notes.txt',
      'Content-Disposition: attachment; filename=notes.txt',
      '',
      'notes',
      '--outer--',
      '',
    ),
  );
  expect(letter).toEqual({
    from: { name: 'Jörg at Support', address: 'support@lab.example' },
    subject: 'Grüße',
    text: 'Schön,\r\nit is on its way.',
    automatic: true,
    messageId: '<2@lab.example>',
    references: '<1@home.example>',
  });
});

test('readLetter() shows the beginning of a long text, and nothing of what is no text', async () => {
  const long = await readLetter(message('Subject: Long', '', 'word '.repeat(20_000)));
  expect(long.text.length).toBeGreaterThan(30_000);
  expect(long.text.length).toBeLessThan(50_000);
  const picture = await readLetter(message('Content-Type: image/png', '', 'xx'));
  expect(picture).toMatchObject({ subject: '', text: '', automatic: false, messageId: '' });
});

test('readLetter() reads a text in a character set that nobody knows as UTF-8', async () => {
  const letter = await readLetter(message('Content-Type: text/plain; charset=klingon', '', 'né'));
  expect(letter.text).toBe('né');
});
