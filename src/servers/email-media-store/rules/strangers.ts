import type { KnownConversation } from './known.ts';
import { addressKey, domainOf, type OurAddresses } from './our-addresses.ts';
import { isPublicDomain } from './public-domains.ts';

/**
 * Whether somebody has no part in a conversation: neither wrote nor was written to in it, nor is of the
 * organisation of anybody who did, as the domain of their address says. A domain of a mail provider says nothing, and
 * neither does an address of ours: anybody may write it into what they send.
 */
export function isStranger(
  address: string,
  conversation: Pick<KnownConversation, 'customer' | 'participants'>,
  ours: OurAddresses,
): boolean {
  const sender = addressKey(address);
  if (sender === '') return true;
  const parties = [conversation.customer.address, ...conversation.participants]
    .map(addressKey)
    .filter((party) => ours(party) === undefined);
  if (parties.includes(sender)) return false;
  const domain = domainOf(sender);
  return !parties.some((party) => isSameOrganisation(domain, domainOf(party)));
}

/** Also `mail.example.com` beside `example.com`, as machines of an organisation write. */
const isSameOrganisation = (domain: string, theirs: string): boolean =>
  theirs !== '' && !isPublicDomain(theirs) && (domain === theirs || domain.endsWith(`.${theirs}`));
