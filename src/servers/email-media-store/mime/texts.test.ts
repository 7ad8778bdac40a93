import { expect, test } from 'vitest';
import { cleanLine } from './clean-text.ts';
import { fileName } from './file-name.ts';
import { htmlText } from './html-text.ts';
import { transferDecoder } from './transfer-decoder.ts';

test.for([
  ['invoice.pdf', 'invoice.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\plan.docx', 'plan.docx'],
  ['a\u202Egpj.exe', 'a gpj.exe'], // what turns the direction around would show it as a picture
  ['a\r\nb\0c.txt', 'a b c.txt'],
  ['con.txt', '_con.txt'],
  ['what?.txt', 'what_.txt'],
  ['.hidden', 'hidden'],
  ['...', 'attachment-3.pdf'],
  ['', 'attachment-3.pdf'],
] as const)('fileName() makes names plain: %j', ([written, name]) => {
  expect(fileName(written, 'application/pdf', 3)).toBe(name);
});

test('fileName() keeps the extension of a long name', () => {
  const name = fileName(`${'x'.repeat(500)}.tar.gz`, 'application/gzip', 1);
  expect(name).toHaveLength(255);
  expect(name.endsWith('x.gz')).toBe(true);
});

test('cleanLine() leaves one line without what would disturb a screen', () => {
  expect(cleanLine('  a\tb\r\n c\u0007 \u2066d ', 100)).toBe('a b  c   d');
  expect(cleanLine('\u{1F600}'.repeat(3), 5)).toBe('\u{1F600}\u{1F600}\uFFFD');
});

test('htmlText() reads HTML as a person would', () => {
  const html = `<html><head><title>No</title><style>p{}</style></head><body>
    <h1>Dear &nbsp;sir,</h1><p>One
    line.<br>Next <b>line</b>.</p><ul><li>first<li>second</ul>
    <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><script>no()</script>&lt;end&gt;</body>`;
  expect(htmlText(html, 1_000)).toBe(
    'Dear sir,\n\nOne line.\nNext line.\n\n• first\n• second\n\na b\nc\n\n<end>',
  );
  expect(htmlText('<p>abcdef', 3)).toBe('abc');
});

test.for([
  ['<html><head><meta name=x><body>Hello', 'Hello'],
  ['<div><svg><path></div>Hello', 'Hello'],
  ['<svg><svg></svg>no</svg>Hello', 'Hello'],
  ['</svg></style>Hello<noscript>no', 'Hello'],
] as const)('htmlText() shows what browsers show of broken HTML: %j', ([html, text]) => {
  expect(htmlText(html, 100)).toBe(text);
});

test('E13: htmlText() takes time that grows as the HTML does, whatever is open in it', () => {
  const nested = (count: number): number => {
    const html = `${'<i>'.repeat(count)}${'</u>'.repeat(count)}`;
    const from = performance.now();
    htmlText(html, 1_000);
    return performance.now() - from;
  };
  nested(20_000);
  expect(nested(100_000)).toBeLessThan(3 * nested(50_000) + 100);
});

test('E13: htmlText() takes time that grows as the HTML does', () => {
  for (const hostile of ['<', '<p>', '<div ', '&', 'x ', '<li>', '<!--']) {
    expect(htmlText(hostile.repeat(50_000), 1_000).length).toBeLessThanOrEqual(1_000);
  }
});

const decode = (encoding: string, text: string, cut: number): string => {
  const decoder = transferDecoder(encoding);
  const bytes = Buffer.from(text, 'latin1');
  const decoded: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += cut) {
    decoded.push(Buffer.from(decoder.push(bytes.subarray(at, at + cut))));
  }
  return Buffer.concat([...decoded, decoder.end()]).toString('latin1');
};

test.for([
  ['quoted-printable', 'a=3Db=\r\nc  \r\nd =20\r\n=zz=4', 'a=bc\r\nd  \r\n=zz=4'],
  ['quoted-printable', 'soft = \r\nend=\nlf=', 'soft endlf'],
  ['quoted-printable', 'a\t \r\nb', 'a\r\nb'],
  ['base64', 'aGVs\r\nbG8gd29y!bGQ=\r\n', 'hello world'],
  ['base64', 'aGVsbG8', 'hello'],
  ['8bit', 'as \xfc is', 'as \xfc is'],
] as const)(
  'transferDecoder() undoes what it is told, however it is cut: %j',
  ([encoding, text, decoded]) => {
    for (let cut = 1; cut <= text.length; cut++) expect(decode(encoding, text, cut)).toBe(decoded);
  },
);
