import type { ContactAddress } from '#domain/contact.ts';
import type { Channel } from '#domain/ids.ts';

/** What a customer said of themselves. */
export interface CustomerFacts {
  readonly channel: Channel;
  readonly customerName: string;
  readonly customerAddress?: string | undefined;
  readonly visitor?: string | undefined;
}

/**
 * Under which address the contact directory may know the customer. Somebody who gave neither name nor
 * address stays nobody: a directory full of nameless visitors helps no agent.
 */
export function contactAddress(customer: CustomerFacts): ContactAddress | undefined {
  const { channel, customerName, customerAddress, visitor } = customer;
  const value = customerAddress?.trim();
  if (value) return { kind: kindOf(channel, value), value };
  if (customerName.trim() && visitor) return { kind: 'chat', value: visitor };
  return undefined;
}

function kindOf(channel: Channel, value: string): ContactAddress['kind'] {
  if (channel === 'sms' || channel === 'xmpp') return channel;
  if (value.includes('@')) return 'email';
  return /^\+?[\d\s()/.-]{5,}$/.test(value) ? 'phone' : 'chat';
}
