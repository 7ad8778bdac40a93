/** The passwords and tokens that a mailbox signs in with. They are kept sealed and never shown again. */
import type { MailSignIn, Mailbox } from '#domain/configuration/mail.ts';
import type { Beside } from '../documents/sheet.ts';

export type SecretUse = 'receive' | 'send';
export type SecretKind = 'password' | 'refresh-token' | 'client-secret';

export const SECRET_NAMES: Readonly<Record<SecretKind, string>> = {
  password: 'Password',
  'refresh-token': 'Refresh token',
  'client-secret': 'Client secret',
};

/** Which secrets a way of signing in needs; the first is the one that it cannot do without. */
export function secretsOf(signIn: MailSignIn): readonly SecretKind[] {
  if (signIn.type === 'password') return ['password'];
  return signIn.grant === 'refresh-token' ? ['refresh-token', 'client-secret'] : ['client-secret'];
}

/** Under which name a secret is typed, beside the document. */
export const besideName = (use: SecretUse, kind: SecretKind): string => `${use}.${kind}`;

/** What is known of how a mailbox signs in while its form is filled in. */
export type SignIns = Pick<Partial<Mailbox>, 'receive' | 'send'>;

export const signInOf = (mailbox: SignIns, use: SecretUse): MailSignIn | undefined => {
  const servers = mailbox[use];
  return servers && 'signIn' in servers ? servers.signIn : undefined;
};

/** Noted beside the document where the administrator chose to sign in for sending with other secrets. */
export const OWN_SIGN_IN = 'send.own';

/** The same person signs in at both servers, in the same way. */
export function signsInAlike(mailbox: SignIns, beside: Beside): boolean {
  if (beside[OWN_SIGN_IN] !== undefined) return false;
  const [receive, send] = [signInOf(mailbox, 'receive'), signInOf(mailbox, 'send')];
  return receive !== undefined && JSON.stringify(receive) === JSON.stringify(send);
}

/**
 * The secrets to keep once a mailbox is saved. What was typed for receiving counts for sending too, where both sign
 * in alike and nothing else was typed for it.
 */
export function secretsToKeep(
  mailbox: SignIns,
  typed: Beside,
): { use: SecretUse; kind: SecretKind; secret: string }[] {
  const isAlike = signsInAlike(mailbox, typed);
  return (['receive', 'send'] as const).flatMap((use) => {
    const signIn = signInOf(mailbox, use);
    return (signIn ? secretsOf(signIn) : []).flatMap((kind) => {
      const other = isAlike && use === 'send' ? typed[besideName('receive', kind)] : undefined;
      const secret = typed[besideName(use, kind)] ?? other;
      return secret === undefined ? [] : [{ use, kind, secret }];
    });
  });
}
