import { cleanLine } from './clean-text.ts';

/** What a name may have at most, in UTF-16 units, as `Attachment` says. */
const LONGEST = 255;

/** Names that mean a device to Windows, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Extensions for what comes without a name, by media type. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'text/rfc822-headers': 'txt',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'text/csv': 'csv',
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/zip': 'zip',
};

/**
 * A plain file name of what a sender wrote: without a path, without what no file system takes, and with its extension.
 * Where nothing is left of it, one is made of its number in the message and its media type.
 */
export function fileName(written: string, type: string, number: number): string {
  const last = written.split(/[/\\]/).at(-1) ?? '';
  const plain = cleanLine(last, 10_000)
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return `attachment-${number}.${EXTENSIONS[type] ?? 'bin'}`;
  const safe = DEVICE.test(plain) ? `_${plain}` : plain;
  if (safe.length <= LONGEST) return safe;
  const dot = safe.lastIndexOf('.');
  const extension = dot > safe.length - 20 && dot > 0 ? safe.slice(dot) : '';
  return safe.slice(0, LONGEST - extension.length).toWellFormed() + extension;
}
