/** Builds for each component the platform it stands on, and starts the components of one process. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ComponentName } from '#base/component-name.ts';
import { newId } from '#base/id.ts';
import type { Clock } from '#base/time.ts';
import { openBeacons } from './beacon/open-beacons.ts';
import type { ComponentDefinitions, Member } from './component.ts';
import { openProcessDatabase } from './database/process-database.ts';
import { readDatabaseUrl } from './database/url-file.ts';
import { openDoors } from './doors/open-doors.ts';
import { doorSettings } from './doors/settings.ts';
import { openHealthBoard } from './health/health-board.ts';
import { openProcessMetrics } from './health/process-metrics.ts';
import type { AddressWriter, Opened } from './installation/address-file.ts';
import { writeAddresses } from './installation/address-file.ts';
import { prepareDataDirectory } from './installation/data-directory.ts';
import { holdComponent } from './installation/hold-component.ts';
import type { HeldComponent } from './installation/hold-component.ts';
import type { Directory } from './peers/directory.ts';
import { localDirectory, nearOrFar } from './peers/directory.ts';
import { LocalComponents } from './peers/local-components.ts';
import { openPeers } from './peers/open-peers.ts';
import { peerSettings } from './peers/settings.ts';
import type { Peers, Platform } from './platform.ts';
import { databaseSettings } from './platform-settings.ts';
import { addressSettings, onFreePorts, planPorts, portSettings } from './ports/port-plan.ts';
import { inRoom } from './processes/rooms.ts';
import type { Settings } from './settings/open-settings.ts';
import type { Authority } from './tls/authority.ts';
import { openAuthority } from './tls/authority.ts';
import { openTokens } from './tokens/tokens.ts';
import type { Traces } from './trace/open-traces.ts';
import { makeTraceOutbox } from './trace/trace-outbox.ts';

export interface StartComponentsOptions {
  /** Every component there is. */
  readonly components: ComponentDefinitions;
  /** Those to start in this process. */
  readonly run: readonly ComponentName[];
  readonly directory: string;
  readonly settings: Settings;
  readonly traces: Traces;
  /** This process, as its traces name it. */
  readonly instance: string;
  readonly clock: Clock;
  /** Gives up starting. */
  readonly signal: AbortSignal;
  /** Makes a component that runs known to all others, until disposed. */
  readonly join: (member: Member) => AsyncDisposable;
  /** Asks those whom components make themselves known to. */
  readonly lookUp: (peers: Peers) => Directory;
}

/** Components that run in this process. Disposing it stops them in the reverse order. */
export interface System extends AsyncDisposable {
  readonly components: readonly ComponentName[];
  /** Every row of the matrix that is open in this process. */
  opened(): readonly Opened[];
  /** Reaches other components as the one that started last. */
  readonly peers: Peers;
}

/** Where tokens of the command line and of programs of one's own stand: `tokens/` of the data directory. */
const TOKEN_FILES = ['command-line'];

/**
 * Starts components one after the other, in the order of their definitions; resolves once all run. If one
 * cannot start, those before it are stopped again.
 *
 * @throws {Error} With one sentence for an administrator.
 */
export async function startComponents(options: StartComponentsOptions): Promise<System> {
  const { components, directory, settings, clock, traces } = options;
  await using life = new AsyncDisposableStack();
  const run = [...components.keys()].filter((name) => options.run.includes(name));
  prepareDataDirectory(directory);
  const held = new Map<ComponentName, HeldComponent>();
  for (const name of run) {
    held.set(
      name,
      life.use(await holdComponent(directory, name, clock, components.get(name)?.copies)),
    );
  }

  const health = openHealthBoard(clock);
  const metrics = openProcessMetrics(options.instance, health);
  const tokens = openTokens(directory);
  for (const role of TOKEN_FILES) tokens.writeFile(role);
  let authority: Promise<Authority> | undefined;
  const shared = {
    tokens,
    authority: () => (authority ??= openAuthority(directory, clock)),
    local: new LocalComponents(run),
    configured: settings.of('peers', peerSettings),
    plan: planPorts(settings.of('ports', portSettings), settings.of('address', addressSettings)),
    clock,
  };
  const { url, connections } = settings.of('database', databaseSettings);
  const database = life.use(
    openProcessDatabase({
      url: () => url || readDatabaseUrl(directory),
      connections,
      clock,
      trace: traces.of('database'),
      signal: options.signal,
    }),
  );
  const opened = new Set<Opened>();

  async function startComponent(name: ComponentName): Promise<AsyncDisposable & { peers: Peers }> {
    await using own = new AsyncDisposableStack();
    const definition = components.get(name);
    if (!definition) throw new Error(`Cannot run "${name}": this program has no such component`);
    const trace = traces.of(name);
    const instance = newId();
    const places = new Set<Opened>();
    const { name: copy = name, copy: number = 1 } = held.get(name) ?? {};
    const written = own.use(writeAddresses(directory, name, instance, copy));
    const addresses = noting(written, places, opened);
    const plan = number === 1 ? shared.plan : onFreePorts(shared.plan);
    const common = { ...shared, plan, component: name, trace };
    const here = localDirectory(directory);
    // Whoever knows all others must be found without being asked.
    const first = own.use(openPeers({ ...common, directory: here }));
    const lookUp = nearOrFar(here, options.lookUp(first));
    const peers = own.use(openPeers({ ...common, directory: lookUp }));
    const doors = own.use(
      openDoors({ ...common, settings: settings.of('doors', doorSettings), addresses }),
    );
    const pool = definition.keepsData ? await database.openFor(health.of(name)) : undefined;
    const platform: Platform = {
      component: name,
      instance,
      home: `${hostname()}:${join(directory, copy)}`,
      clock,
      trace,
      directory,
      doors,
      peers,
      beacons: own.use(openBeacons({ ...common, instance, directory, addresses })),
      health: health.of(name),
      metrics,
      get database() {
        if (pool) return pool;
        throw new Error(`Cannot use the database: "${name}" is said not to keep data`);
      },
      settings: (schema) => settings.of(name, schema),
    };
    own.use(await inRoom(name, () => definition.start(platform)));
    own.use(options.join({ platform, opened: () => [...places], health }));
    trace.info('component.started');
    return Object.assign(own.move(), { peers });
  }

  let last: { peers: Peers } | undefined;
  for (const name of run) {
    options.signal.throwIfAborted();
    last = life.use(await startComponent(name));
  }
  if (!last) throw new Error('Cannot start: no component is named');
  const { peers } = last;
  const outbox = makeTraceOutbox(options.instance);
  life.use(traces.attach(outbox));
  life.use(peers.dial('ttrace-server', outbox.dialer));
  return Object.assign(life.move(), { components: run, opened: () => [...opened], peers });
}

/** Notes in `sets` what is open, beside writing it down. */
function noting(writer: AddressWriter, ...sets: Set<Opened>[]): AddressWriter {
  return {
    add(place) {
      const written = writer.add(place);
      for (const set of sets) set.add(place);
      return {
        [Symbol.dispose]() {
          for (const set of sets) set.delete(place);
          written[Symbol.dispose]();
        },
      };
    },
    [Symbol.dispose]: () => writer[Symbol.dispose](),
  };
}
