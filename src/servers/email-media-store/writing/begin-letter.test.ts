import { expect, test } from 'vitest';
import type { Email } from '#domain/email/email.ts';
import type { FiledEmail } from '../out/correspondence.ts';
import type { StoredAttachment } from '../out/outgoing.ts';
import { beginLetter, subjectOf } from './begin-letter.ts';

const file = (id: string, changes: Partial<StoredAttachment> = {}): StoredAttachment => ({
  id,
  name: `${id}.png`,
  type: 'image/png',
  size: 1,
  inline: false,
  scan: 'unscanned',
  blob: id,
  ...changes,
});
const SHOWN = file('shown', { inline: true, contentId: 'a@x' });
const HIDDEN = file('hidden', { inline: true, contentId: 'b@x' });
const INFECTED = file('infected', { scan: 'infected' });

const of = (changes: Partial<FiledEmail> = {}): FiledEmail => ({
  email: {
    from: { name: 'Customer <1>', address: 'customer@x.example' },
    to: [{ name: 'Support', address: 'support@shop.example' }],
    cc: [],
    subject: 'Broken',
    at: Date.parse('2026-06-01T10:00:00Z'),
    text: 'It is\nbroken & <bad>',
  } as unknown as Email,
  html: undefined,
  references: [],
  attachments: [],
  ...changes,
});

const facts = {
  kind: 'reply',
  signature: '<p>Regards<script>x</script></p>',
  language: 'de-AT',
  timeZone: 'Europe/Berlin',
} as const;

test.each([
  ['reply', 'Broken', 'Re: Broken'],
  ['reply', 'Re: Broken', 'Re: Broken'],
  ['reply', 'AW: Broken', 'AW: Broken'],
  ['reply', 'RE[2]: Broken', 'RE[2]: Broken'],
  ['reply', 'Fwd: Broken', 'Re: Fwd: Broken'],
  ['reply-all', 'Regarding', 'Re: Regarding'],
  ['forward', 'Re: Broken', 'Fwd: Re: Broken'],
  ['forward', 'WG: Broken', 'WG: Broken'],
  ['new', 'Broken', ''],
] as const)('subjectOf() a %s to "%s" is "%s"', (kind, subject, expected) => {
  expect(subjectOf(kind, subject)).toBe(expected);
});

test('beginLetter() leaves room, signs, and quotes in the words of the language', () => {
  expect(beginLetter({ ...facts, of: of() })).toEqual({
    html:
      '<p></p><p>Regards</p><p>Am 1. Juni 2026 um 12:00 schrieb Customer &lt;1&gt;:</p>' +
      '<blockquote type="cite"><p>It is<br>broken &amp; &lt;bad&gt;</p></blockquote>',
    attachments: [],
  });
});

test('beginLetter() takes along the images that what is quoted shows, and nothing that loads', () => {
  const html = '<p onclick="x">Hi <img src="cid:a%40x"><img src="https://t.example/p.gif"></p>';
  const letter = beginLetter({
    ...facts,
    of: of({ html, attachments: [SHOWN, HIDDEN, file('bill')] }),
  });
  expect(letter.html).toContain('<blockquote type="cite"><p>Hi <img src="cid:a%40x"><img></p>');
  expect(letter.attachments).toEqual([SHOWN]);
});

test('beginLetter() passes everything on but what is infected, and says whose it was', () => {
  const html = '<img src="cid:a%40x">';
  const attachments = [SHOWN, HIDDEN, file('bill'), INFECTED];
  const letter = beginLetter({
    ...facts,
    kind: 'forward',
    signature: '',
    of: of({ html, attachments }),
  });
  expect(letter.html).toBe(
    '<p></p><p>---------- Weitergeleitete Nachricht ----------<br><b>Von:</b> Customer &lt;1&gt; ' +
      '&lt;customer@x.example&gt;<br><b>Datum:</b> 1. Juni 2026 um 12:00<br><b>Betreff:</b> Broken<br>' +
      '<b>An:</b> Support &lt;support@shop.example&gt;</p><img src="cid:a%40x">',
  );
  expect(letter.attachments.map(({ id, inline }) => [id, inline])).toEqual([
    ['shown', true],
    ['hidden', false],
    ['bill', false],
  ]);
});

test('beginLetter() quotes the text of what is too long to be quoted as it is', () => {
  const html = `<p>${'x'.repeat(260_000)}</p>`;
  expect(beginLetter({ ...facts, of: of({ html }) }).html).toContain('It is<br>broken');
});

test('beginLetter() with nothing to quote is room and a signature', () => {
  expect(beginLetter({ ...facts, kind: 'new', of: undefined }).html).toBe('<p></p><p>Regards</p>');
});
