import type { DraftKind, Email, EmailAddress } from '#domain/email/email.ts';
import { addressKey, type OurAddresses } from '../rules/our-addresses.ts';

export interface Recipients {
  readonly to: EmailAddress[];
  readonly cc: EmailAddress[];
  readonly bcc: EmailAddress[];
}

/**
 * Whom an answer goes to, as RFC 5322 §3.6.3 has it: where the sender asks for answers, else the sender;
 * to all: also everybody else who has it. Our own addresses are left out while anybody else is there. An
 * answer to what was sent from here goes to those it was sent to: one writes on.
 */
export function recipientsOf(kind: DraftKind, of: Email, ours: OurAddresses): Recipients {
  if (kind === 'forward' || kind === 'new') return { to: [], cc: [], bcc: [] };
  const strangers = (list: readonly EmailAddress[]): EmailAddress[] =>
    list.filter(({ address }) => isSendable(address) && ours(address) === undefined);
  const isOwn = of.direction === 'out';
  const asked = of.replyTo.length > 0 ? of.replyTo : [of.from];
  const wanted = strangers(isOwn ? of.to : asked);
  // a web form writes in our own name and says in Reply-To, or nowhere, for whom
  const to = unique(
    wanted.length > 0 ? wanted : isOwn ? of.to : strangers([of.from]).concat(of.from).slice(0, 1),
  );
  if (kind === 'reply') return { to, cc: [], bcc: [] };
  const first = new Set(to.map(({ address }) => addressKey(address)));
  const others = strangers(isOwn ? of.cc : [...of.to, ...of.cc]);
  const cc = unique(others).filter(({ address }) => !first.has(addressKey(address)));
  return { to, cc, bcc: [] };
}

/** Each address once, as it came first. */
export function unique(list: readonly EmailAddress[]): EmailAddress[] {
  const seen = new Set<string>();
  return list.filter(({ address }) => {
    const key = addressKey(address);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** RFC 5321 §4.5.3.1: a local part of 64 bytes, 254 in all; nothing that ends a command or a header, or turns text around. */
export function isSendable(address: string): boolean {
  const [, local = '', domain = ''] =
    /^([^\s@<>()[\],;:\\"\p{Cc}\p{Bidi_C}]+)@([^\s@<>()[\],;:\\"\p{Cc}\p{Bidi_C}]+)$/u.exec(
      address,
    ) ?? [];
  const isDots = /^\.|\.$|\.\./;
  return (
    local !== '' &&
    Buffer.byteLength(local) <= 64 &&
    Buffer.byteLength(address) <= 254 &&
    !isDots.test(local) &&
    !isDots.test(domain) &&
    !/^-|-$/.test(domain)
  );
}
