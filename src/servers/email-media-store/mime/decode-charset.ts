/**
 * Bytes to text by the name of a character set, as senders write it.
 *
 * The platform's own decoder knows what the web knows, and refuses what could hide something (UTF-7); what else stands
 * in mail, as CP850, libmime knows. An unknown name, or none: UTF-8 where it is that, else Windows-1252.
 */
import libmime from 'libmime';

/** Names that senders use and the web does not: to those it does. */
const ALIASES: Readonly<Record<string, string>> = {
  cp1252: 'windows-1252',
  utf8mb4: 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp936: 'gbk',
  cp949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
  cp950: 'big5',
  'iso-8859-8-e': 'iso-8859-8',
};

/** Of these nothing can be made safely: they are read as bytes of one character each. */
const REFUSED = /^(x-)?(unicode-1-1-)?utf-?7(-imap)?$/;

/** Decodes bytes; never throws. What is wrong in them is shown as U+FFFD. */
export function decodeCharset(bytes: Uint8Array, charset: string): string {
  const name = charset.trim().toLowerCase().replace(/^"|"$/g, '').replace(/\*.*$/, '');
  if (REFUSED.test(name)) return new TextDecoder('windows-1252').decode(bytes);
  if (name === '' || name === 'us-ascii' || name === 'ascii') return guess(bytes);
  const decoder = decoderOf(ALIASES[name] ?? name) ?? decoderOf(libmime.normalizeCharset(name));
  if (decoder) return decoder.decode(bytes);
  return byLibmime(bytes, name) ?? guess(bytes);
}

function decoderOf(name: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(name);
  } catch {
    return undefined;
  }
}

/** What libmime does not know either it would read as UTF-8. */
function byLibmime(bytes: Uint8Array, name: string): string | undefined {
  const word = Buffer.from(bytes).toString('base64');
  const text = libmime.decodeWord(name, 'B', word);
  return text.includes('\uFFFD') ? undefined : text;
}

function guess(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
