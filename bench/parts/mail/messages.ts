/** Messages as customers write them, made from a seed: the same in every run. */

/** mulberry32, from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LATIN =
  'order refund invoice delivery question about my account number thanks regards please broken arrived still waiting since parcel wrong size Größe Über café naïve'.split(
    ' ',
  );
const CYRILLIC = 'заказ возврат счёт доставка вопрос спасибо посылка номер'.split(' ');
const JAPANESE = '注文 返金 請求書 配達 質問 番号 荷物'.split(' ');
const CHINESE = '订单 退款 发票 送货 问题 号码 包裹'.split(' ');

interface Charset {
  readonly name: string;
  readonly words: readonly string[];
  readonly share: number;
}

/** As mail is today: most of it UTF-8, and the rest of the world. */
const CHARSETS: readonly Charset[] = [
  { name: 'utf-8', words: [...LATIN, '注文', 'доставка'], share: 0.72 },
  { name: 'windows-1252', words: LATIN, share: 0.1 },
  { name: 'iso-8859-1', words: LATIN, share: 0.08 },
  { name: 'koi8-r', words: CYRILLIC, share: 0.04 },
  { name: 'shift_jis', words: JAPANESE, share: 0.03 },
  { name: 'gb18030', words: CHINESE, share: 0.03 },
];

/** Encodes by what decoding gives: nothing here writes these character sets. */
class Encoder {
  readonly #codes = new Map<string, Buffer>();

  constructor(charset: string) {
    const decoder = new TextDecoder(charset);
    for (let high = 0x80; high <= 0xff; high++) {
      this.#learn(decoder, Buffer.from([high]));
      for (let low = 0x40; low <= 0xff; low++) this.#learn(decoder, Buffer.from([high, low]));
    }
    for (let ascii = 0; ascii < 0x80; ascii++) this.#learn(decoder, Buffer.from([ascii]));
  }

  encode(text: string): Buffer {
    return Buffer.concat(Array.from(text, (letter) => this.#codes.get(letter) ?? Buffer.from('?')));
  }

  #learn(decoder: { decode(bytes: Buffer): string }, code: Buffer): void {
    const text = decoder.decode(code);
    if (Array.from(text).length === 1 && !text.includes('\uFFFD')) this.#codes.set(text, code);
  }
}

const encoders = new Map<string, Encoder>();

function encode(text: string, charset: string): Buffer {
  if (charset === 'utf-8') return Buffer.from(text);
  const encoder = encoders.get(charset) ?? new Encoder(charset);
  encoders.set(charset, encoder);
  return encoder.encode(text);
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');

const quotedPrintable = (bytes: Buffer): string =>
  [...bytes]
    .map((byte) =>
      byte >= 0x21 && byte <= 0x7e && byte !== 0x3d
        ? String.fromCharCode(byte)
        : byte === 0x20
          ? ' '
          : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
    .replace(/(?:[^=\r\n]|=..){1,70}/g, '$&=\r\n')
    .replace(/=\r\n$/, '');

/**
 * Makes `count` messages of 30 kB on average: most are text alone, a quarter carries files.
 *
 * @yields One as it travels.
 */
export function* realisticMessages(count: number, seed = 7): Generator<Buffer, void> {
  const random = randomFrom(seed);
  const from = (least: number, most: number): number =>
    Math.floor(least + random() * (most - least));
  for (let at = 0; at < count; at++) yield message(at, random, from);
}

function message(
  at: number,
  random: () => number,
  from: (least: number, most: number) => number,
): Buffer {
  let chosen = random();
  const charset = CHARSETS.find(({ share }) => (chosen -= share) < 0) ?? CHARSETS[0];
  const { name, words } = charset ?? { name: 'utf-8', words: LATIN };
  const text = (length: number): string =>
    Array.from({ length }, () => words[from(0, words.length)]).join(' ');
  const part = (type: string, content: string): string => {
    const bytes = encode(content, name);
    const isBase64 = random() < 0.3;
    return [
      `Content-Type: ${type}; charset=${name}`,
      `Content-Transfer-Encoding: ${isBase64 ? 'base64' : 'quoted-printable'}`,
      '',
      isBase64 ? base64(bytes) : quotedPrintable(bytes),
    ].join('\r\n');
  };
  const file = (type: string, named: string, bytes: number): string =>
    [
      '--mixed',
      `Content-Type: ${type}; name="${named}"`,
      `Content-Disposition: attachment; filename="${named}"`,
      'Content-Transfer-Encoding: base64',
      '',
      base64(noise(bytes, random)),
      '',
    ].join('\r\n');
  const plain = text(from(50, 300));
  const html = `<html><head><style>p { margin: 0 }</style></head><body><p>${plain}</p><p>${text(from(100, 500))}</p></body></html>`;
  const kind = random();
  const files =
    kind < 0.2
      ? file('image/png', 'screenshot.png', from(5_000, 60_000))
      : kind < 0.26
        ? file('application/pdf', 'invoice.pdf', from(100_000, 300_000))
        : '';
  const subject = encode(`Ticket ${at}: ${text(4)}`, name).toString('base64');
  const lines = [
    'Return-Path: <customer@example.net>',
    `Received: from mail.example.net (mail.example.net [192.0.2.${at % 250}]) by mx.example.com with ESMTPS id ${at}; Tue, 18 Jun 2024 12:00:00 +0000`,
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=s1;',
    ` bh=${base64(noise(32, random))};`,
    ` b=${base64(noise(48, random))}`,
    `From: "Customer ${at}" <customer-${at}@example.net>`,
    'To: Support <support@example.com>',
    `Subject: =?${name}?B?${subject}?=`,
    `Message-ID: <${at}.${from(0, 1e9)}@example.net>`,
    'Date: Tue, 18 Jun 2024 12:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=mixed',
    '',
    '--mixed',
    'Content-Type: multipart/alternative; boundary=choice',
    '',
    '--choice',
    part('text/plain', plain),
    '--choice',
    part('text/html', html),
    '--choice--',
    `${files}--mixed--`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

/** Like what is compressed: no two alike. */
function noise(bytes: number, random: () => number): Buffer {
  const noisy = Buffer.allocUnsafe(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4)
    noisy.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return noisy;
}
