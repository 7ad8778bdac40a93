import { hostname } from 'node:os';
import type { ForeignDoor, Platform } from '#platform/platform.ts';
import { emailMediaStoreSettings } from './config.ts';
import type { PushedMail } from './pushed-mail.ts';
import { openReception } from './smtp-in/reception.ts';

export interface ReceiveSmtpParts {
  readonly platform: Platform;
  readonly pushed: PushedMail;
  /** Whether mailboxes are known yet. */
  readonly isConfigured: () => boolean;
}

/** Takes what mail servers bring by themselves, where the port plan opens the row. @returns Nothing where it does not. */
export function receiveSmtp(parts: ReceiveSmtpParts): Promise<ForeignDoor | undefined> {
  const { platform, pushed, isConfigured } = parts;
  const { clock, doors, trace } = platform;
  const { 'brought-largest': largest } = platform.settings(emailMediaStoreSettings);
  return doors.foreign('smtp-reception', ({ place, shown }) =>
    openReception({
      place,
      shown,
      name: hostname(),
      largest,
      clock,
      trace,
      accepts: async (address) => {
        if (!isConfigured()) return 'later';
        return pushed.mailboxesOf(address).length > 0 ? 'yes' : 'no';
      },
      deliver: ({ recipients, content }) => {
        const mailboxes = recipients.flatMap((address) => pushed.mailboxesOf(address));
        return pushed.keep([...new Set(mailboxes)], content);
      },
    }),
  );
}
