import { addressKey, domainOf } from './our-addresses.ts';

export type SenderList = readonly string[];

const prepared = new WeakMap<SenderList, ReadonlySet<string>>();

/** Whether a list names an address, itself or by `@` and its domain. A domain's subdomains are others. */
export function isNamed(list: SenderList, address: string): boolean {
  if (list.length === 0) return false;
  let patterns = prepared.get(list);
  if (!patterns) prepared.set(list, (patterns = new Set(list.map(addressKey))));
  const key = addressKey(address);
  return patterns.has(key) || patterns.has(`@${domainOf(key)}`);
}
