import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { RequestOrigin } from '../rules/request-origin.ts';

/** What is known of a request before anybody reads it. */
export interface ConnectionFacts extends RequestOrigin {
  /** Where it comes from, as far as can be believed. */
  readonly address: string;
  /** True where nobody stands between the other end and this machine's loopback. */
  readonly direct: boolean;
}

/** The proxies whose word counts. */
export function proxyList(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Reads the facts of a request; headers of proxies count only from those in `proxies`. */
export function factsOf(request: IncomingMessage, proxies: BlockList): ConnectionFacts {
  const { headers, socket } = request;
  const peer = plainAddress(socket.remoteAddress ?? '');
  const isProxied = contains(proxies, peer);
  const forwarded = isProxied ? headers['x-forwarded-proto'] : undefined;
  const fetchSite = headers['sec-fetch-site'];
  return {
    host: headers.host,
    origin: headers.origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    secure: (socket as Partial<TLSSocket>).encrypted === true || forwarded === 'https',
    address: isProxied ? clientBehind(proxies, headers['x-forwarded-for'], peer) : peer,
    direct: headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined,
  };
}

/** From the right, the first address that is not a proxy of ours: what stands further left anybody can write. */
function clientBehind(
  proxies: BlockList,
  header: string | readonly string[] | undefined,
  peer: string,
): string {
  const hops = (typeof header === 'string' ? header : (header ?? []).join(',')).split(',');
  for (const hop of hops.toReversed()) {
    const address = plainAddress(hop.trim());
    if (isIP(address) === 0) return peer;
    if (!contains(proxies, address)) return address;
  }
  return peer;
}

function contains(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
