import type { Trace } from '#platform/trace/trace.ts';
import type { Filing, ReadMail } from '../filing.ts';
import type { ParsedAttachment } from '../mime/parsed-mail.ts';
import type { Blobs } from '../tables/blobs.ts';
import type { Scanner } from './clamd.ts';

/** As many as a scanner of usual size looks at side by side. */
const AT_ONCE = 4;

export interface ScanMailsParts {
  readonly filing: Filing;
  readonly scanner: Scanner;
  readonly blobs: Pick<Blobs, 'read'>;
  readonly trace: Trace;
}

/**
 * Filing that has the files of every message scanned first. What is infected is filed as all is, and given
 * to nobody; where the scanner is away, mail comes in unscanned and is not held up.
 */
export function scanMails({ filing, scanner, blobs, trace }: ScanMailsParts): Filing {
  const scanned = async (file: ParsedAttachment): Promise<ParsedAttachment> => {
    const verdict = await scanner.scan(blobs.read(file.blob));
    if (verdict.type === 'unscanned') trace.warning('file.not-scanned', { why: verdict.why });
    return { ...file, scan: verdict.type };
  };
  return {
    async file(mails) {
      const files = mails.flatMap(({ parsed }) => parsed.attachments);
      const known = new Map<ParsedAttachment, ParsedAttachment>();
      const work = files.values();
      const scanAll = async (): Promise<void> => {
        for (const file of work) known.set(file, await scanned(file));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, scanAll));
      const withVerdicts = ({ mail, parsed }: ReadMail): ReadMail => ({
        mail,
        parsed: {
          ...parsed,
          attachments: parsed.attachments.map((file) => known.get(file) ?? file),
        },
      });
      await filing.file(mails.map(withVerdicts));
    },
  };
}
