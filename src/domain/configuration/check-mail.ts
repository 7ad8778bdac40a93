import type { Configuration } from './configuration.ts';
import type { MailSecurity, MailSignIn, MailTemplate, Mailbox } from './mail.ts';
import type { Problem } from './problem.ts';

/** What a mailbox's schema cannot say: one address is one mailbox's, and what must be given together. */
export function mailboxProblems(body: Mailbox, id: string, among: Configuration): Problem[] {
  const { receive, send } = body;
  return [
    ...addressProblems(body, id, among),
    ...('signIn' in receive ? signInProblems(receive.signIn, 'receive.signIn') : []),
    ...(send?.signIn ? signInProblems(send.signIn, 'send.signIn') : []),
    ...('signIn' in receive ? plainProblems(receive, 'receive') : []),
    ...(send ? plainProblems(send, 'send') : []),
    ...(receive.type === 'imap' && receive.after === 'move' && receive.moveTo === undefined
      ? [{ path: 'receive.moveTo', problem: 'name the folder that filed mail is moved to' }]
      : []),
  ];
}

function addressProblems(body: Mailbox, id: string, among: Configuration): Problem[] {
  const taken = new Map<string, string>();
  for (const [other, { address, aliases }] of among.all('mailbox')) {
    if (other === id) continue;
    for (const theirs of [address, ...aliases]) taken.set(theirs.toLowerCase(), other);
  }
  return [body.address, ...body.aliases].flatMap((address, at) => {
    const other = taken.get(address.toLowerCase());
    const path = at === 0 ? 'address' : `aliases.${at - 1}`;
    return other === undefined
      ? []
      : [{ path, problem: `the mailbox "${other}" has the address "${address}"` }];
  });
}

function signInProblems(signIn: MailSignIn, path: string): Problem[] {
  if (signIn.type !== 'oauth' || signIn.provider !== 'other' || signIn.tokenUrl !== undefined) {
    return [];
  }
  return [{ path: `${path}.tokenUrl`, problem: 'say where this provider gives out tokens' }];
}

/** Whether a password or a token would go to another machine so that everybody on the way can read it. */
export const showsSecrets = ({ host, security, signIn }: MailServer): boolean =>
  security === 'none' &&
  signIn !== undefined &&
  !/^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

interface MailServer {
  readonly host: string;
  readonly security: MailSecurity;
  readonly signIn?: MailSignIn | undefined;
}

const plainProblems = (server: MailServer, path: string): Problem[] =>
  showsSecrets(server)
    ? [
        {
          path: `${path}.security`,
          problem: 'without encryption we sign in at a server on this machine only',
        },
      ]
    : [];

/** A template has each language once, and a key of its own. */
export function templateProblems(body: MailTemplate, id: string, among: Configuration): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  body.versions.forEach(({ language }, at) => {
    if (seen.has(language.toLowerCase())) {
      const problem = `the language "${language}" is there twice`;
      problems.push({ path: `versions.${at}.language`, problem });
    }
    seen.add(language.toLowerCase());
  });
  if (body.key === '') return problems;
  for (const [other, { key }] of among.all('mail-template')) {
    if (other === id || key !== body.key) continue;
    problems.push({ path: 'key', problem: `another template has the key "${key}"` });
  }
  return problems;
}
