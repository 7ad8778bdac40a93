import type { Opened } from '#platform/installation/address-file.ts';
import { readAddresses } from '#platform/installation/address-file.ts';
import { portRow } from '#platform/ports/ports.ts';

/** Where a row of the port matrix can be reached. */
export interface PeerAddress {
  readonly row: string;
  /** `ws://` or `wss://` for rpc, `tcp://` or `tls://` for lines, `http://` or `https://` for the web. */
  readonly url: string;
}

/** Knows where components run. Asked again for every connection. */
export interface Directory {
  /** The addresses of a component, best first; none if it is not known to run. May throw: asked again later. */
  find(component: string): Promise<readonly PeerAddress[]>;
}

/** Asks one directory after the other until one knows. The last one's failure counts, if none knew. */
export function firstOf(...directories: readonly Directory[]): Directory {
  return {
    async find(component) {
      let failure: unknown;
      for (const directory of directories) {
        try {
          const found = await directory.find(component);
          if (found.length > 0) return found;
          failure = undefined;
        } catch (error) {
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      return [];
    },
  };
}

/** Knows the components that share this data directory: what they wrote down when they opened their rows. */
export function localDirectory(directory: string): Directory {
  return {
    find: async (component) =>
      readAddresses(directory)
        .filter((one) => one.component === component && isAlive(one.pid))
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
