/** Doors and peers of one installation on free ports, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ComponentName } from '#base/component-name.ts';
import { systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { readAddresses, writeAddresses } from '#platform/installation/address-file.ts';
import type { Opened } from '#platform/installation/address-file.ts';
import { localDirectory } from '#platform/peers/directory.ts';
import type { Directory } from '#platform/peers/directory.ts';
import { LocalComponents } from '#platform/peers/local-components.ts';
import { openPeers } from '#platform/peers/open-peers.ts';
import type { Doors, Peers } from '#platform/platform.ts';
import type { Place, PortPlan } from '#platform/ports/port-plan.ts';
import { openAuthority } from '#platform/tls/authority.ts';
import type { Authority } from '#platform/tls/authority.ts';
import { openTokens } from '#platform/tokens/tokens.ts';
import type { Tokens } from '#platform/tokens/tokens.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { openDoors } from './open-doors.ts';

/** What a test says of a component. */
export interface TestComponent {
  /** Which components share its process; itself alone when left out. */
  readonly local?: LocalComponents;
  readonly clock?: Clock;
  readonly place?: (row: string) => Place | undefined;
  readonly directory?: Directory;
  readonly configured?: Readonly<Record<string, unknown>>;
  readonly names?: string[];
  /** A file with a given certificate and its key. */
  readonly certificate?: string;
}

/** An installation with a data directory of its own. */
export interface TestInstallation extends AsyncDisposable {
  readonly directory: string;
  readonly tokens: Tokens;
  /** What was traced, as `event detail`. */
  readonly traced: string[];
  readonly authority: () => Promise<Authority>;
  open(
    component: ComponentName,
    options?: TestComponent,
  ): { readonly doors: Doors; readonly peers: Peers };
  /** Where a row listens. @throws {Error} If it does not. */
  opened(row: string): Opened;
}

const ANYWHERE: Place = { address: '127.0.0.1', port: 0 };

export function openTestInstallation(): TestInstallation {
  const life = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'emcee-doors-'));
  life.defer(() => rmSync(directory, { recursive: true }));
  const tokens = openTokens(directory);
  const traced: string[] = [];
  const note = (event: string, ...details: readonly unknown[]): void => {
    traced.push(
      `${event} ${details.map((each) => (each instanceof Error ? each.message : JSON.stringify(each))).join(' ')}`,
    );
  };
  const trace: Trace = { debug: note, info: note, warning: note, fault: note };
  let authority: Promise<Authority> | undefined;
  const openOnce = (): Promise<Authority> => (authority ??= openAuthority(directory));
  return {
    directory,
    tokens,
    traced,
    authority: openOnce,
    open(component, options = {}) {
      const clock = options.clock ?? systemClock;
      const local = options.local ?? new LocalComponents([component]);
      const plan: PortPlan = { placeOf: options.place ?? (() => ANYWHERE) };
      const addresses = life.use(writeAddresses(directory, component, 'test'));
      const common = { component, tokens, authority: openOnce, local, clock, trace };
      const peers = life.use(
        openPeers({
          ...common,
          configured: options.configured ?? {},
          directory: options.directory ?? localDirectory(directory),
        }),
      );
      const doors = life.use(
        openDoors({
          ...common,
          plan,
          addresses,
          settings: {
            names: options.names ?? [],
            certificate: options.certificate ?? '',
            key: '',
            connections: 2_000,
            'public-connections': 2_000,
            drain: 1_000,
          },
        }),
      );
      return { doors, peers };
    },
    opened(row) {
      const found = readAddresses(directory)
        .flatMap((one) => one.opened)
        .find((one) => one.row === row);
      if (!found) throw new Error(`Nothing listens at "${row}"`);
      return found;
    },
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
