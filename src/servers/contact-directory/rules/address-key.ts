/**
 * When two addresses are one. E-mail and XMPP compare without case; a number by its digits:
 *
 * - the number of a call and of a text message is one number;
 * - `+49 (0)30 1234567` and `0049 30 1234567` are international: all their digits count;
 * - `030 1234567` is not: its leading zeros do not count, and as the country is missing, the shorter of
 *   two numbers needs to be the end of the longer. It must have 9 digits for that, because fewer are
 *   the same in many towns. Short numbers (an extension, a service) must be equal.
 */
import type { ContactAddress } from '#domain/contact.ts';

/** Under what an address is found: equal for all addresses that could be the same. */
export interface AddressKey {
  readonly family: 'number' | 'email' | 'xmpp' | 'chat' | 'other';
  readonly key: string;
}

type Address = Pick<ContactAddress, 'kind' | 'value'>;

const ENOUGH_DIGITS = 9;

/** Under what to look for an address; what is found there must still pass `isSameAddress`. */
export function addressKey(address: Address): AddressKey {
  const { kind } = address;
  const value = address.value.trim().normalize('NFKC');
  switch (kind) {
    case 'phone':
    case 'sms': {
      const number = numberOf(value);
      // a sender's name, as text messages may have: it is compared as it stands
      const key = number?.digits.slice(-ENOUGH_DIGITS) ?? value.toLowerCase();
      return { family: 'number', key };
    }
    case 'email':
      return { family: 'email', key: value.toLowerCase() };
    case 'xmpp':
      return { family: 'xmpp', key: value.toLowerCase().replace(/\/.*$/s, '') }; // without the device
    case 'chat':
    case 'other':
      return { family: kind, key: value };
  }
}

/** Whether two addresses reach the same. */
export function isSameAddress(one: Address, other: Address): boolean {
  const [key, otherKey] = [addressKey(one), addressKey(other)];
  if (key.family !== otherKey.family || key.key !== otherKey.key) return false;
  const [number, otherNumber] = [numberOf(one.value), numberOf(other.value)];
  if (key.family !== 'number' || !number || !otherNumber) return true;
  if (number.digits === otherNumber.digits) return true;
  if (number.isInternational && otherNumber.isInternational) return false;
  const [shorter, longer] = [number.digits, otherNumber.digits].toSorted(
    (a, b) => a.length - b.length,
  );
  return shorter !== undefined && longer !== undefined && isEndOf(shorter, longer);
}

const isEndOf = (shorter: string, longer: string): boolean =>
  shorter.length >= ENOUGH_DIGITS && longer.endsWith(shorter);

export interface TelephoneNumber {
  /** Without what leads to another country or town: `+`, `00`, `0`. */
  readonly digits: string;
  readonly isInternational: boolean;
}

/** The digits that count of a number however it is written; nothing where it holds letters or no digits. */
export function numberOf(value: string): TelephoneNumber | undefined {
  const written = value
    .normalize('NFKC')
    .trim()
    .replace(/^tel:/i, '')
    .replace(/(?:;ext=|ext\.?|x|#)\s*\d{1,8}$/i, ''); // an extension behind it
  const isInternational = /^(?:\+|00)/.test(written);
  const counted = isInternational ? written.replace('(0)', '') : written;
  if (/\p{L}/u.test(counted)) return undefined;
  const digits = counted.replaceAll(/\D/g, '').replace(/^0+/, '');
  return digits === '' ? undefined : { digits, isInternational };
}
