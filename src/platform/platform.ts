/** What a component is given to stand on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ComponentName } from '#base/component-name.ts';
import type { Client, ContractDefinition, Implementation } from '#base/contract.ts';
import type { Clock } from '#base/time.ts';
import type { Database } from './database/database.ts';
import type { LineDialer, LineFeed, LineListener } from './lines/lines.ts';
import type { Beacons } from './beacon/beacon.ts';
import type { Place } from './ports/port-plan.ts';
import type { SettingsSchema, SettingsValues } from './settings/settings.ts';
import type { Trace } from './trace/trace.ts';
import type { Registry } from 'prom-client';

export interface Platform {
  /** The component this platform was made for. */
  readonly component: ComponentName;
  /** This running copy of it, new at every start. */
  readonly instance: string;
  /**
   * What this copy has and no other that runs at the same time, the same after a restart: its machine, its
   * data directory, and which copy it is there.
   */
  readonly home: string;
  readonly clock: Clock;
  readonly trace: Trace;
  /** The data directory of this installation; a component may keep a folder of its own name in it. */
  readonly directory: string;
  readonly database: Database;
  readonly doors: Doors;
  readonly peers: Peers;
  readonly beacons: Beacons;
  readonly health: Health;
  /** Prometheus metrics of this process; a component prefixes its own with `emcee_<component>_`. */
  readonly metrics: Registry;
  /** The effective values of a component's settings. */
  settings<S extends SettingsSchema>(schema: S): SettingsValues<S>;
}

/** Opens what a component listens on. Ports and addresses come from the port matrix and the settings. */
export interface Doors {
  /**
   * Serves `contract` at every matrix row in `rows` (and at its TLS twin where one is configured), and to
   * the other components of this process. `roles` narrows who may come in by a row.
   */
  rpc<C extends ContractDefinition>(
    contract: C,
    implementation: Implementation<C>,
    rows: readonly (string | { readonly row: string; readonly roles: readonly string[] })[],
  ): Promise<AsyncDisposable>;
  /** Takes JSON Lines sessions at a matrix row, to be told events or to tell them. A row may carry rpc and lines: the first bytes tell them apart. */
  lines(row: string, handler: LineListener | LineFeed): Promise<AsyncDisposable>;
  /** Offers HTTP and upgrade requests whose path begins with `path` to whatever serves the public face. */
  web(path: string, handler: WebHandler): Promise<AsyncDisposable>;
  /**
   * Serves HTTP at a matrix row of its own, over TLS where the row says so: with the given certificate, else
   * one of the private CA. Browsers come in here, so no token is asked for: the handler lets people in.
   *
   * @returns Where it listens; nothing where the row is switched off.
   */
  http(row: string, handler: WebHandler): Promise<HttpDoor | undefined>;
  /**
   * Opens a matrix row for strangers who speak a protocol of their own, as mail servers do. No token is asked for, and
   * TLS is the protocol's own matter, with the certificate that the public face shows.
   *
   * @returns Where it listens; nothing where the row is switched off.
   */
  foreign(row: string, open: OpenForeign): Promise<ForeignDoor | undefined>;
}

/** Listens at a place of the port plan, as `listenAt` does. `shown` is for TLS within the protocol. */
export type OpenForeign = (at: {
  readonly place: Place;
  readonly shown: Shown;
}) => Promise<ForeignDoor & { renew(shown: Shown): void }>;

/** A certificate and its key in PEM. */
export interface Shown {
  readonly certificate: string;
  readonly key: string;
}

/** An open port of a foreign protocol. */
export interface ForeignDoor extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
}

/** An open HTTP port. Disposing it takes no new requests and lets those in flight finish. */
export interface HttpDoor extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface WebHandler {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Finds other components: in this process, by a configured address, or through application-management. */
export interface Peers {
  /** Connects when first called; waits for the component to appear within each call's deadline. */
  connect<C extends ContractDefinition>(contract: C): Client<C>;
  /** Dials a lines row of another component; reconnects by itself. */
  dial(row: string, dialer: LineDialer): AsyncDisposable;
  /** The web handlers of this process, and proxies to those of others, by longest matching path. */
  web(path: string): WebHandler | undefined;
}

/** What a component says of itself; shown in the control panel and by `emcee doctor`. */
export interface Health {
  /** `detail` is one sentence for an administrator: what is wrong and what to do. */
  report(part: string, state: 'good' | 'degraded' | 'bad', detail?: string): void;
}

/** A component that runs. Disposing it stops it and lets what is in flight finish. */
export type Running = AsyncDisposable;
