import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

const SETTING = 'unless desktop-server.webhook-private-targets is set';

/**
 * What is wrong with where a webhook goes, as far as the address itself tells; what a name leads to is
 * looked at whenever something is sent. Nothing of what is no address at all: others say that.
 *
 * @param allowPrivate Whether this machine and private networks are allowed, and plain HTTP.
 */
export function targetProblem(target: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(target)) return undefined;
  const url = new URL(target);
  if (url.username !== '' || url.password !== '') {
    return 'it must hold no user name and no password: the signature proves who sends';
  }
  if (allowPrivate) return undefined;
  if (url.protocol === 'http:') return `it must begin with https://, ${SETTING}`;
  // The parser has brought every spelling of an address, as 0x7f.1, to the one that is checked.
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const isPrivate = isIP(host) === 0 ? /(?:^|\.)localhost$/.test(host) : !isPublicAddress(host);
  return isPrivate
    ? `"${host}" is not on the public internet, which it must be ${SETTING}`
    : undefined;
}
