import { duplexPair } from 'node:stream';
import type { Client, ContractDefinition } from '#base/contract.ts';
import type { Clock } from '#base/time.ts';
import { dialLines } from '#platform/lines/dial.ts';
import type { LocalLineAddress } from '#platform/lines/line-address.ts';
import type { LineDialer } from '#platform/lines/lines.ts';
import type { Peers, WebHandler } from '#platform/platform.ts';
import { portRow, portRows, rowsOf, tlsTwin } from '#platform/ports/ports.ts';
import { clientOver } from '#platform/rpc/client.ts';
import { RpcCarrier } from '#platform/rpc/connect.ts';
import type { LastFailure, RpcAddress } from '#platform/rpc/connect.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { PeerAddress } from './directory.ts';
import { PeerFinder } from './find-peer.ts';
import type { FindPeerOptions, ProvenAddress } from './find-peer.ts';
import { LocalCarrier } from './local-carrier.ts';
import type { LocalComponents } from './local-components.ts';
import { proxyWeb } from './web-proxy.ts';

export interface OpenPeersOptions extends FindPeerOptions {
  readonly local: LocalComponents;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** Paths of the public face that a component with a web door of its own serves. */
const WEB_DOORS: readonly { readonly path: string; readonly row: string }[] = [
  { path: '/chat', row: 'web-chat-door' },
];

/**
 * Those that speak rpc: the rows the matrix gives to rpc, else those it gives to lines, for a component
 * may serve both at one row and the first bytes tell them apart.
 */
function rpcAddresses(all: readonly PeerAddress[]): readonly PeerAddress[] {
  const own = all.filter(({ url }) => url.startsWith('ws'));
  if (own.length > 0) return own;
  return all.map(({ row, url }) => ({
    row,
    url: url.replace(/^tcp:/, 'ws:').replace(/^tls:/, 'wss:'),
  }));
}

/** Whether all rows are open: a component opens one after the other, and the last may be the one for us. */
function isWhole(component: string, found: readonly PeerAddress[]): boolean {
  return rowsOf(component)
    .filter(({ role, protocol, tls }) => role === 'listens' && !tls && /RPC/.test(protocol))
    .every(({ id }) => found.some(({ row }) => row === id));
}

/** The peers of one component. Disposing them disposes every client and dialer that they gave. */
export function openPeers(options: OpenPeersOptions): Peers & AsyncDisposable {
  const { component, local, clock, trace } = options;
  const finder = new PeerFinder(options);
  const life = new AsyncDisposableStack();
  // the matrix calls those who dial a row by their name, or all of them, or the desktop
  const sources = new Set<string>([component, 'applications']);
  if (component === 'desktop-server') sources.add('desktop');

  /**
   * A component may serve rpc at several rows, each for other roles: those whose source we are come first,
   * and one that turns us away is followed by the next.
   */
  const rpcAddress = (
    name: string,
  ): ((signal: AbortSignal, last: LastFailure | undefined) => Promise<RpcAddress>) => {
    let turn = 0;
    let refusals = 0; // one after the other
    let row: string | undefined; // that was given last
    return async (_signal, last) => {
      const isForUs = ({ row }: PeerAddress): boolean =>
        portRows().some((each) => each.id === row && each.source.some((one) => sources.has(one)));
      const isInDoubt = last !== undefined;
      const found = await finder.find(name, ({ url }) => !url.startsWith('http'), isInDoubt);
      const ordered = rpcAddresses(found).toSorted(
        (a, b) => Number(isForUs(b)) - Number(isForUs(a)),
      );
      // the same row of whoever is in office now; another row of the same copy would answer no better
      if (last === 'silent')
        turn = Math.max(
          0,
          ordered.findIndex((each) => each.row === row),
        );
      else if (last !== undefined) turn++;
      refusals = last === 'turned-away' ? refusals + 1 : 0;
      const chosen = ordered[turn % ordered.length] ?? found[0];
      row = chosen.row;
      const proven = await finder.prove(name, chosen);
      const hasAlternative = refusals < ordered.length - 1 || !isWhole(name, found);
      return { ...proven, hasAlternative };
    };
  };

  const lineAddress =
    (row: string, role: string): (() => Promise<ProvenAddress | LocalLineAddress>) =>
    async () => {
      const { destination } = portRow(row);
      const server = local.lines(row);
      if (server) {
        return {
          connect: () => {
            const [near, far] = duplexPair();
            server.accept(far, role);
            return near;
          },
        };
      }
      const twin = tlsTwin(row)?.id;
      const [first] = await finder.find(destination, (one) => one.row === row || one.row === twin);
      return finder.prove(destination, first);
    };

  const proxies = new Map(
    WEB_DOORS.map(({ path, row }) => {
      const { destination } = portRow(row);
      const find = async (): Promise<ProvenAddress> => {
        const [first] = await finder.find(destination, (one) => one.row === row);
        return finder.prove(destination, first);
      };
      return [path, { destination, handler: proxyWeb(find, trace) }] as const;
    }),
  );

  return {
    connect<C extends ContractDefinition>(contract: C): Client<C> {
      const carrier = local.runs(contract.name)
        ? new LocalCarrier(contract, local, component, clock)
        : new RpcCarrier(contract, rpcAddress(contract.name), { clock, trace });
      return life.use(clientOver(contract, carrier, clock));
    },
    dial(row: string, dialer: LineDialer): AsyncDisposable {
      return life.use(dialLines({ address: lineAddress(row, component), dialer, clock, trace }));
    },
    web(path: string): WebHandler | undefined {
      const own = local.web(path);
      if (own) return own;
      const proxy = [...proxies].find(
        ([prefix]) => path === prefix || path.startsWith(`${prefix}/`),
      );
      return proxy && !local.runs(proxy[1].destination) ? proxy[1].handler : undefined;
    },
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
