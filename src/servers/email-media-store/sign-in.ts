import { MailFailure } from './mail-failure.ts';
import type { MailCredential } from './mail-source.ts';

/** What a server is shown. */
export type SignIn =
  | { readonly type: 'password'; readonly user: string; readonly password: string }
  | { readonly type: 'token'; readonly user: string; readonly token: string };

/**
 * Signs in with what there is. A token that is refused is tried once more as a new one: clocks differ, and servers
 * withdraw tokens before their time. @throws {MailFailure}
 */
export async function signInWith<T>(
  credential: MailCredential,
  signal: AbortSignal,
  attempt: (signIn: SignIn) => Promise<T>,
): Promise<T> {
  if (credential.type === 'password') return attempt(credential);
  const { user, tokens } = credential;
  for (let left = 1; ; left--) {
    const token = await tokens.token(signal);
    try {
      return await attempt({ type: 'token', user, token });
    } catch (error) {
      const refused = error instanceof MailFailure && error.reason === 'authentication-refused';
      if (refused) tokens.refused(token);
      if (!refused || left === 0) throw error;
    }
  }
}
