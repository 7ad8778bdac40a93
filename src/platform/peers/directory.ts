import type { Opened } from '#platform/installation/address-file.ts';
import { addressesOf } from '#platform/installation/address-file.ts';
import { portRow } from '#platform/ports/ports.ts';

/** Where a row of the port matrix can be reached. */
export interface PeerAddress {
  readonly row: string;
  /** `ws://` or `wss://` for rpc, `tcp://` or `tls://` for lines, `http://` or `https://` for the web. */
  readonly url: string;
}

/** Knows where components run. Asked again for every connection. */
export interface Directory {
  /**
   * The addresses of a component, best first; none if it is not known to run. May throw: asked again later.
   *
   * @param isInDoubt What was said before led nowhere, or nobody answers there any more.
   */
  find(component: string, isInDoubt?: boolean): Promise<readonly PeerAddress[]>;
}

/**
 * Asks the near directory, which answers at once, and the far one where the near knows nothing, or what it
 * knows is in doubt: another copy may be in office on another machine. The far one's failure counts, if
 * none knew.
 */
export function nearOrFar(near: Directory, far: Directory): Directory {
  return {
    async find(component, isInDoubt = false) {
      const close = await near.find(component).catch(() => []);
      if (close.length > 0 && !isInDoubt) return close;
      const distant = await far.find(component, isInDoubt).catch((error: unknown) => {
        if (close.length > 0) return [];
        throw error;
      });
      const known = new Set(distant.map(({ url }) => url));
      return [...distant, ...close.filter(({ url }) => !known.has(url))];
    },
  };
}

/** Knows the components that share this data directory: what they wrote down when they opened their rows. */
export function localDirectory(directory: string): Directory {
  return {
    find: async (component) =>
      addressesOf(directory, component)
        .filter((one) => isAlive(one.pid))
        .flatMap((one) => one.opened.map((opened) => ({ row: opened.row, url: urlOf(opened) }))),
  };
}

/** The address of an open row, as application-management publishes it. */
export function urlOf({ row, address, port, tls }: Opened): string {
  const { protocol } = portRow(row);
  const [plain, secure] = /RPC/.test(protocol)
    ? ['ws', 'wss']
    : protocol.startsWith('HTTP')
      ? ['http', 'https']
      : ['tcp', 'tls'];
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const host = everywhere[address] ?? address;
  return `${tls ? secure : plain}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
