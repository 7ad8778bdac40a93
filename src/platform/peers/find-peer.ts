import type { ConnectionOptions } from 'node:tls';
import type { ComponentName } from '#base/component-name.ts';
import { isLoopback } from '#platform/ports/port-plan.ts';
import { secureClientOptions } from '#platform/tls/identity.ts';
import type { Authority } from '#platform/tls/authority.ts';
import type { Tokens } from '#platform/tokens/tokens.ts';
import type { Directory, PeerAddress } from './directory.ts';

/** A component is not known to run anywhere. */
export class UnknownPeerError extends Error {
  override readonly name = 'UnknownPeerError';
}

export interface FindPeerOptions {
  /** Who asks: whose token and certificate are shown. */
  readonly component: ComponentName;
  /** `peers.COMPONENT`: row → address. */
  readonly configured: Readonly<Record<string, unknown>>;
  readonly directory: Directory;
  readonly tokens: Tokens;
  readonly authority: () => Promise<Authority>;
}

/** An address with what proves the caller there. */
export interface ProvenAddress {
  readonly row: string;
  readonly url: string;
  readonly token?: string;
  readonly tls?: ConnectionOptions;
}

/** Looks a component up: the configured addresses, else those of the directory. */
export class PeerFinder {
  readonly #options: FindPeerOptions;

  constructor(options: FindPeerOptions) {
    this.#options = options;
  }

  /**
   * The addresses of `component` that `isWanted`, best first, never none.
   *
   * @param isInDoubt What was found before led nowhere: every directory is asked.
   * @throws {UnknownPeerError}
   */
  async find(
    component: string,
    isWanted: (address: PeerAddress) => boolean,
    isInDoubt = false,
  ): Promise<[PeerAddress, ...PeerAddress[]]> {
    const configured = Object.entries(this.#options.configured[component] ?? {}).map(
      ([row, url]) => ({ row, url: String(url) }),
    );
    const own = configured.filter(isWanted);
    const found =
      own.length > 0
        ? own
        : (await this.#options.directory.find(component, isInDoubt)).filter(isWanted);
    const [first, ...others] = found;
    if (first) return [first, ...others];
    throw new UnknownPeerError(
      `"${component}" does not run, or nobody knows where; start it, or set peers.${component}`,
    );
  }

  /**
   * Adds the proof that `component` wants to see at `address`. A token is shown to loopback only: on a
   * network whoever listens could keep it.
   */
  async prove(component: string, { row, url }: PeerAddress): Promise<ProvenAddress> {
    const own = this.#options.component;
    const { protocol, hostname } = new URL(url);
    if (/^(wss|tls|https):$/.test(protocol)) {
      const authority = await this.#options.authority();
      const identity = await authority.identityOf({ role: own, hosts: [] });
      return { row, url, tls: secureClientOptions(identity, component) };
    }
    const host = hostname.replace(/^\[|\]$/g, '');
    if (!isLoopback(host) && host !== 'localhost') {
      throw new UnknownPeerError(
        `Cannot use ${url} for "${component}": plain text stays on loopback`,
      );
    }
    return { row, url, token: this.#options.tokens.tokenOf(own) };
  }
}
