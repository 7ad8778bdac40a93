import type { Receiving } from '#domain/configuration/mail.ts';
import { showsSecrets } from '#domain/configuration/check-mail.ts';
import { openImapSource } from './imap/imap-source.ts';
import { MailFailure } from './mail-failure.ts';
import type { MailSource, OpenMailbox } from './mail-source.ts';
import { openPop3Source } from './pop3/pop3-source.ts';
import type { Suspects } from './suspects.ts';

/** Settings of a mailbox whose mail is fetched; other mailboxes are given theirs, or have none. */
export type Fetching = Extract<Receiving, { type: 'imap' | 'pop3' }>;

/** Opens a mailbox at its server: connected, encrypted as the settings ask, signed in. @throws {MailFailure} */
export async function openMailSource(
  settings: Fetching,
  options: OpenMailbox & { readonly suspects?: Suspects },
): Promise<MailSource> {
  if (showsSecrets(settings)) {
    throw new MailFailure({
      kind: 'permanent',
      reason: 'authentication-refused',
      what: `Without encryption everybody on the way to "${settings.host}" could read the password`,
      advice: 'Choose TLS or STARTTLS.',
    });
  }
  const source = await (settings.type === 'imap'
    ? openImapSource(settings, options)
    : openPop3Source(settings, options));
  return options.suspects?.guard(source) ?? source;
}
