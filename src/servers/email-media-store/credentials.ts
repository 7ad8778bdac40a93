import type { Clock } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import { MailFailure } from './mail-failure.ts';
import type { MailCredential, TokenSource } from './mail-source.ts';
import type { OAuthSettings } from './oauth/token-request.ts';
import { OAuthTokens } from './oauth/token-source.ts';
import type { Secrets } from './secrets.ts';
import type { SecretUse } from './tables/secret-tables.ts';

interface Tokens {
  readonly settings: string;
  readonly source: TokenSource;
}

/** How mail servers know us, with the secrets that are kept. */
export class Credentials implements Disposable {
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #setting: Disposable;
  /** One source of tokens for whatever signs in as the same user: a refresh token may be good for one use. */
  readonly #tokens = new Map<string, Tokens>();

  constructor(secrets: Secrets, clock: Clock) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#setting = secrets.onSet((mailbox, use) => this.#tokens.delete(`${mailbox} ${use}`));
  }

  /**
   * What a mailbox's server is shown. Where nothing is kept for sending it is what is kept for receiving.
   *
   * @throws {MailFailure} If nothing is kept.
   */
  async of(mailbox: MailboxId, use: SecretUse, signIn: MailSignIn): Promise<MailCredential> {
    const kept = await this.#secrets.of(mailbox);
    const kinds = signIn.type === 'password' ? ['password'] : ['refresh-token', 'client-secret'];
    const own = kept.some((each) => each.use === use && kinds.includes(each.kind));
    return this.#kept(mailbox, own ? use : 'receive', signIn);
  }

  /** What a server is shown with a secret that is not kept: to try it. */
  tried(signIn: MailSignIn, secret: string): MailCredential {
    const { user } = signIn;
    if (signIn.type === 'password') return { type: 'password', user, password: secret };
    const secrets =
      signIn.grant === 'client-credentials' ? { clientSecret: secret } : { refreshToken: secret };
    // A new token that comes with the answer is not kept, as the one that was tried is not
    const keep = async (): Promise<void> => undefined;
    const options = { settings: signIn, secrets, keep, clock: this.#clock };
    return { type: 'token', user, tokens: new OAuthTokens(options) };
  }

  [Symbol.dispose](): void {
    this.#setting[Symbol.dispose]();
  }

  async #kept(mailbox: MailboxId, use: SecretUse, signIn: MailSignIn): Promise<MailCredential> {
    const { user } = signIn;
    if (signIn.type === 'oauth') {
      return { type: 'token', user, tokens: await this.#tokensOf(mailbox, use, signIn) };
    }
    const password = await this.#secrets.get({ mailbox, use, kind: 'password' });
    if (password !== undefined) return { type: 'password', user, password };
    throw new MailFailure({
      kind: 'permanent',
      reason: 'authentication-refused',
      what: `No password is kept for "${user}"`,
      advice: 'Set it on the page of the mailbox.',
    });
  }

  async #tokensOf(
    mailbox: MailboxId,
    use: SecretUse,
    settings: OAuthSettings,
  ): Promise<TokenSource> {
    const name = `${mailbox} ${use}`;
    const same = (): TokenSource | undefined => {
      const there = this.#tokens.get(name);
      return there?.settings === JSON.stringify(settings) ? there.source : undefined;
    };
    const source = same();
    if (source) return source;
    const [refreshToken, clientSecret] = await Promise.all([
      this.#secrets.get({ mailbox, use, kind: 'refresh-token' }),
      this.#secrets.get({ mailbox, use, kind: 'client-secret' }),
    ]);
    const made = same(); // somebody else asked at the same time
    if (made) return made;
    const tokens = new OAuthTokens({
      settings,
      secrets: { refreshToken, clientSecret },
      keep: (token) => this.#secrets.renew({ mailbox, use, kind: 'refresh-token' }, token),
      clock: this.#clock,
    });
    this.#tokens.set(name, { settings: JSON.stringify(settings), source: tokens });
    return tokens;
  }
}
