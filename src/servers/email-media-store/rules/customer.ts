import type { EmailAddress } from '#domain/email/email.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { OurAddresses } from './our-addresses.ts';

/**
 * Whom an answer goes to: where its sender asks for answers, else the sender. An address of ours is never
 * chosen while there is another: web forms write in the name of the mailbox and put the customer into Reply-To.
 */
export function customerOf(mail: ParsedMail, ours: OurAddresses): EmailAddress {
  const candidates = [...mail.replyTo, mail.from].filter(({ address }) => isAddress(address));
  return candidates.find(({ address }) => ours(address) === undefined) ?? mail.from;
}

/** Whose word it is: the sender; of what comes in our own name, whom an answer goes to. */
export const senderOf = (mail: ParsedMail, ours: OurAddresses): EmailAddress =>
  ours(mail.from.address) === undefined ? mail.from : customerOf(mail, ours);

/** Every address that it is addressed to, by its headers or by servers on its way. */
export const recipientsOf = (mail: ParsedMail): readonly string[] => [
  ...mail.deliveredTo,
  ...mail.to.map(({ address }) => address),
  ...mail.cc.map(({ address }) => address),
];

const isAddress = (address: string): boolean => /^[^\s@]+@[^\s@]+$/.test(address.trim());
