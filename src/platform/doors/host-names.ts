import { isIP } from 'node:net';
import { isLoopback } from '#platform/ports/port-plan.ts';

/**
 * Whether a `Host` header names this port: the loopback names, an address it listens on, or a name that
 * an administrator gave, each with the right port. A page whose name was rebound to our address sends its
 * own name, and is refused by that.
 */
export function namesUs(
  host: string,
  us: { readonly address: string; readonly port: number; readonly names: readonly string[] },
): boolean {
  const [, v6, other, port = '80'] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(host) ?? [];
  const name = (v6 ?? other ?? '').toLowerCase();
  if (Number(port) !== us.port || name === '') return false;
  if (name === 'localhost' || name === us.address || us.names.includes(name)) return true;
  if (isIP(name) === 0) return false;
  // whoever writes an address was not sent here by a name; all of ours count where all are listened on
  return isLoopback(name) || us.address === '0.0.0.0' || us.address === '::';
}
