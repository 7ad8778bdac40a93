import libmime from 'libmime';
import addressparser from 'nodemailer/lib/addressparser';
import type { EmailAddress } from '#domain/email/email.ts';
import { cleanLine } from './clean-text.ts';

/** What of a header is read for addresses: hundreds of them. */
const LONGEST_HEADER = 65_536;
const LONGEST_NAME = 300;
const LONGEST_ADDRESS = 320;

/** The addresses of headers, groups resolved, at most `most`; what has none is left out. */
export function readAddresses(headers: readonly string[], most: number): EmailAddress[] {
  const addresses: EmailAddress[] = [];
  for (const header of headers) {
    for (const { name, address } of addressparser(header.slice(0, LONGEST_HEADER), {
      flatten: true,
    })) {
      if (addresses.length === most) return addresses;
      const plain = cleanLine(address, LONGEST_ADDRESS);
      if (plain.includes('@'))
        addresses.push({ name: readWords(name, LONGEST_NAME), address: plain });
    }
  }
  return addresses;
}

/**
 * Who wrote: the first of From that has an address. Of one that has none the words are kept as the name, so that
 * somebody sees what stood there.
 */
export function readSender(from: readonly string[], sender: readonly string[]): EmailAddress {
  const [author] = readAddresses(from, 1);
  if (author) return author;
  const [instead] = readAddresses(sender, 1);
  return { name: readWords(from[0] ?? '', LONGEST_NAME), address: instead?.address ?? '' };
}

/** A header's text with its encoded words (RFC 2047) read, as one line. */
export const readWords = (header: string, length: number): string =>
  cleanLine(libmime.decodeWords(header.slice(0, LONGEST_HEADER)), length);
