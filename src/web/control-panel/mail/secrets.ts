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

/** Secrets that are kept already. */
export type Kept = readonly {
  readonly use: string;
  readonly kind: string;
  readonly setAt: number;
}[];

/** Noted beside the document: `alike` or `own`, where the administrator has chosen how to sign in for sending. */
export const SEND_SIGN_IN = 'send.sign-in';

/**
 * The same person signs in at both servers, in the same way and with the same secrets: those for receiving, as long
 * as none is kept for sending.
 */
export function signsInAlike(mailbox: SignIns, beside: Beside, kept: Kept): boolean {
  const [receive, send] = [signInOf(mailbox, 'receive'), signInOf(mailbox, 'send')];
  if (receive === undefined || JSON.stringify(receive) !== JSON.stringify(send)) return false;
  const chosen = beside[SEND_SIGN_IN];
  return chosen === undefined ? !kept.some(({ use }) => use === 'send') : chosen === 'alike';
}

/** A secret that was typed, and where it belongs. */
export interface TypedSecret {
  readonly use: SecretUse;
  readonly kind: SecretKind;
  readonly secret: string;
}

/** What was typed for the way that one signs in, and not for another that was chosen before. */
export function secretsTyped(mailbox: SignIns, use: SecretUse, typed: Beside): TypedSecret[] {
  const signIn = signInOf(mailbox, use);
  return (signIn ? secretsOf(signIn) : []).flatMap((kind) => {
    const secret = typed[besideName(use, kind)];
    return secret === undefined ? [] : [{ use, kind, secret }];
  });
}

/**
 * What becomes of the secrets once a mailbox is saved. Those for receiving count for sending too where both sign in
 * alike: kept once, because a refresh token may be good for one use. What is kept for sending would come before them.
 */
export function secretsAfter(
  mailbox: SignIns,
  typed: Beside,
  kept: Kept,
): { readonly keep: TypedSecret[]; readonly forgetSending: boolean } {
  const receive = secretsTyped(mailbox, 'receive', typed);
  const ownSending = signInOf(mailbox, 'send') !== undefined && !signsInAlike(mailbox, typed, kept);
  return {
    keep: ownSending ? [...receive, ...secretsTyped(mailbox, 'send', typed)] : receive,
    forgetSending: !ownSending && kept.some(({ use }) => use === 'send'),
  };
}
