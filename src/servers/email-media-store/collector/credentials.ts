import type { MailboxId } from '#domain/ids.ts';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import { MailFailure } from '../mail-failure.ts';
import type { MailCredential, TokenSource } from '../mail-source.ts';
import type { Secrets } from '../secrets.ts';
import type { SecretUse } from '../tables/secret-tables.ts';

export interface CredentialsParts {
  readonly secrets: Secrets;
  /** Where bearer tokens of a mailbox come from; the same source for the same mailbox and settings. */
  readonly tokens: (
    mailbox: MailboxId,
    use: SecretUse,
    signIn: Extract<MailSignIn, { type: 'oauth' }>,
  ) => TokenSource;
}

/** How a mailbox's server knows us, with the secrets that are kept. */
export class Credentials {
  readonly #parts: CredentialsParts;

  constructor(parts: CredentialsParts) {
    this.#parts = parts;
  }

  /**
   * @param tried A password that is tried before it is kept.
   * @throws {MailFailure} If none is kept.
   */
  async of(
    mailbox: MailboxId,
    use: SecretUse,
    signIn: MailSignIn,
    tried?: string,
  ): Promise<MailCredential> {
    const { secrets, tokens } = this.#parts;
    const { user } = signIn;
    if (signIn.type === 'oauth') {
      return { type: 'token', user, tokens: tokens(mailbox, use, signIn) };
    }
    const password = tried ?? (await secrets.get({ mailbox, use, kind: 'password' }));
    if (password !== undefined) return { type: 'password', user, password };
    throw new MailFailure({
      kind: 'permanent',
      reason: 'authentication-refused',
      what: `No password is kept for "${user}"`,
      advice: 'Set it on the page of the mailbox.',
    });
  }
}
