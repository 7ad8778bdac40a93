import type { Configuration } from '#domain/configuration/configuration.ts';
import type { MailboxId } from '#domain/ids.ts';

/** Which mailbox of ours an address is, if any: its own, an alias, either with something behind a plus. */
export type OurAddresses = (address: string) => MailboxId | undefined;

const known = new WeakMap<
  Configuration,
  { readonly revision: number; readonly ours: OurAddresses }
>();

/** Kept until the configuration changes: asked several times for each e-mail. */
export function ourAddresses(configuration: Configuration): OurAddresses {
  const before = known.get(configuration);
  if (before?.revision === configuration.revision) return before.ours;
  const mailboxes = new Map<string, MailboxId>();
  for (const [id, { address, aliases }] of configuration.all('mailbox')) {
    for (const own of [address, ...aliases]) mailboxes.set(addressKey(own), id);
  }
  const ours: OurAddresses = (address) => {
    const key = addressKey(address);
    return mailboxes.get(key) ?? mailboxes.get(withoutTag(key));
  };
  known.set(configuration, { revision: configuration.revision, ours });
  return ours;
}

/** An address as it is compared: nobody tells two mailboxes apart by case. */
export const addressKey = (address: string): string => address.trim().toLowerCase();

/** What follows the last `@`; '' where there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1);
}

/** The address that what is sent to one with something behind a plus is delivered to. */
export const withoutTag = (key: string): string => key.replace(/\+[^@]*@/, '@');
