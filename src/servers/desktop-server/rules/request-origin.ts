import { isIP } from 'node:net';

/** Of a request, what tells who may have caused it. */
export interface RequestOrigin {
  /** The `Host` header. */
  readonly host: string | undefined;
  /** The `Origin` header; browsers send it with everything that is not a simple read. */
  readonly origin: string | undefined;
  /** The `Sec-Fetch-Site` header, which no page can forge. */
  readonly fetchSite: string | undefined;
  /** Whether it came over TLS, to us or to a trusted proxy. */
  readonly secure: boolean;
}

/**
 * Whether `host` (with or without a port) is a name of ours. An IP address always is: whoever rebinds a
 * name of theirs to our address shows up under that name, never under the address.
 */
export function isOurHost(host: string | undefined, names: ReadonlySet<string>): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  return name === 'localhost' || isIP(name) !== 0 || names.has(name);
}

/**
 * Who caused a request: our own page, a page of somebody else, or a program that is no browser (or one so
 * old that it does not say).
 */
export function causeOf(request: RequestOrigin): 'our-page' | 'foreign-page' | 'unsaid' {
  const { origin, fetchSite } = request;
  if (origin !== undefined && !isSameOrigin(request, origin)) return 'foreign-page';
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') {
    return 'foreign-page';
  }
  return origin !== undefined || fetchSite === 'same-origin' ? 'our-page' : 'unsaid';
}

/** Methods that change nothing. @see RFC 9110 §9.2.1 */
export const isSafeMethod = (method: string): boolean =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

function isSameOrigin({ host, secure }: RequestOrigin, origin: string): boolean {
  if (host === undefined) return false;
  const own = host.toLowerCase();
  // A proxy that nobody declared may have ended TLS before us: then the origin says https and we do not
  // know better. The other way round a plain page would speak to a secure server.
  return origin === `https://${own}` || (!secure && origin === `http://${own}`);
}

/** The name or address in a `Host` header, without brackets and port. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[(?<v6>[\da-fA-F:.]+)\]|(?<name>[^:[\]/@?#\s]+))(?::\d{1,5})?$/.exec(
    host ?? '',
  );
  return (match?.groups?.['v6'] ?? match?.groups?.['name'])?.toLowerCase();
}
