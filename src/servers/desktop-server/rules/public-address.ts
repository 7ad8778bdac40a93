import { BlockList, isIPv6 } from 'node:net';

/** Ranges that are not of the public internet. @see IANA special-purpose address registries (RFC 6890) */
const SPECIAL: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Of IPv6 only 2000::/3 is the internet; within it these lead elsewhere, some of them back into IPv4.
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

// Apart, because Node sees every IPv4 address as one of IPv6 too.
const special = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [address, prefix] of SPECIAL) {
  const family = familyOf(address);
  special[family].addSubnet(address, prefix, family);
}

/** Whether an IP address is one of the public internet: not this machine, not its network, not its cloud. */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address);
  return !special[family].check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
