import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { ComponentName } from '#base/component-name.ts';
import { hours } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { AddressWriter } from '#platform/installation/address-file.ts';
import { serveLines } from '#platform/lines/serve.ts';
import type { LocalComponents } from '#platform/peers/local-components.ts';
import type { Doors, HttpDoor, Shown, WebHandler } from '#platform/platform.ts';
import { isLoopback } from '#platform/ports/port-plan.ts';
import type { Place, PortPlan } from '#platform/ports/port-plan.ts';
import { portRow, rowsOf, tlsTwin } from '#platform/ports/ports.ts';
import type { PortRow } from '#platform/ports/ports.ts';
import { serviceOf } from '#platform/rpc/service.ts';
import type { Service } from '#platform/rpc/service.ts';
import type { SettingsValues } from '#platform/settings/settings.ts';
import type { Authority } from '#platform/tls/authority.ts';
import { loadCertificate } from '#platform/tls/identity.ts';
import type { Identity } from '#platform/tls/identity.ts';
import type { Tokens } from '#platform/tokens/tokens.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { openComponentDoor } from './component-door.ts';
import type { ComponentDoor } from './component-door.ts';
import { openHttpDoor } from './http-door.ts';
import { DoorError } from './listen.ts';
import { traceRefusals } from './refusals.ts';
import type { doorSettings } from './settings.ts';
import { guardWeb } from './web-gate.ts';

/** How often certificates are looked at; they are renewed a month before they end. */
const RENEWAL: Milliseconds = hours(12);

export interface OpenDoorsOptions {
  readonly component: ComponentName;
  readonly plan: PortPlan;
  readonly settings: SettingsValues<typeof doorSettings>;
  readonly tokens: Tokens;
  /** Asked for only when a row speaks TLS. */
  readonly authority: () => Promise<Authority>;
  readonly addresses: AddressWriter;
  readonly local: LocalComponents;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** The doors of one component. Disposing them closes what is still open, and drains it. */
export function openDoors(options: OpenDoorsOptions): Doors & AsyncDisposable {
  return new ComponentDoors(options);
}

/** A row that several contracts, or rpc and lines, may share. It closes when the last of them goes. */
interface SharedDoor {
  readonly opening: Promise<AsyncDisposable & { readonly door: ComponentDoor }>;
  users: number;
}

class ComponentDoors implements Doors, AsyncDisposable {
  readonly #options: OpenDoorsOptions;
  readonly #held = new Set<AsyncDisposableStack>();
  readonly #shared = new Map<string, SharedDoor>();

  constructor(options: OpenDoorsOptions) {
    this.#options = options;
  }

  rpc: Doors['rpc'] = async (contract, implementation, rows) => {
    await using life = new AsyncDisposableStack();
    const { local, trace } = this.#options;
    const service = serviceOf(contract, implementation, trace);
    life.defer(() => this.#settled(service));
    life.use(local.serve(service));
    for (const given of rows) {
      const { row, roles } = typeof given === 'string' ? { row: given, roles: undefined } : given;
      for (const id of withTwin(row)) {
        const door = await this.#use(id, life);
        if (door) life.use(door.rpc.add(service, roles));
      }
    }
    return this.#kept(life);
  };

  /** Waits for the calls of this process, as those of others were waited for. */
  async #settled(service: Service): Promise<void> {
    const { clock, settings } = this.#options;
    const late = Promise.withResolvers<void>();
    using timer = clock.after(settings.drain, late.resolve);
    if (timer) await Promise.race([service.settled, late.promise]);
  }

  lines: Doors['lines'] = async (row, handler) => {
    await using life = new AsyncDisposableStack();
    const { local, clock, trace } = this.#options;
    for (const id of withTwin(row)) {
      const door = await this.#use(id, life);
      if (door) life.use(door.lines(handler));
    }
    const nobody = (): undefined => undefined; // in this process a dialer's role needs no token
    const server = life.use(serveLines({ handler, verify: nobody, clock, trace }));
    life.use(local.takeLines(row, server));
    return this.#kept(life);
  };

  web: Doors['web'] = async (path, handler) => {
    await using life = new AsyncDisposableStack();
    const { component, local, tokens, clock, trace } = this.#options;
    life.use(local.serveWeb(path, handler));
    const row = rowsOf(component).find((each) => each.source.includes('desktop-server'));
    if (row) {
      const refused = traceRefusals(row.id, clock, trace);
      const door = await this.http(
        row.id,
        guardWeb(handler, (token) => tokens.verify(token), refused),
      );
      if (door) life.use(door);
    }
    return this.#kept(life);
  };

  http: Doors['http'] = async (id, handler) => {
    const place = this.#options.plan.placeOf(id);
    return place && this.#openHttp(portRow(id), place, handler);
  };

  foreign: Doors['foreign'] = async (id, open) => {
    const { plan, addresses, clock } = this.#options;
    const place = plan.placeOf(id);
    if (!place) return undefined;
    await using life = new AsyncDisposableStack();
    const door = life.use(await open({ place, shown: await this.#shown(place) }));
    const { address, port } = door;
    life.use(addresses.add({ row: id, address, port, tls: false, since: clock.now() }));
    life.use(this.#renewing(async () => door.renew(await this.#shown(place))));
    return { address, port, ...this.#kept(life) };
  };

  async #openHttp(row: PortRow, place: Place, handler: WebHandler): Promise<HttpDoor> {
    const { clock, settings, addresses, trace } = this.#options;
    await using life = new AsyncDisposableStack();
    const shown = row.tls ? await this.#shown(place) : undefined;
    if (!shown && !isLoopback(place.address)) {
      trace.warning('door.plain', { row: row.id, address: place.address });
    }
    const door = life.use(
      await openHttpDoor({
        row,
        place,
        shown,
        handler,
        clock,
        connections: settings['public-connections'],
        drain: settings.drain,
      }),
    );
    const { address, port, tls } = door;
    life.use(addresses.add({ row: row.id, address, port, tls, since: clock.now() }));
    if (shown) life.use(this.#renewing(async () => door.renew(await this.#shown(place))));
    return { address, port, tls, ...this.#kept(life) };
  }

  async #shown(place: Place): Promise<Shown> {
    const { settings, clock } = this.#options;
    const { certificate, key } = settings;
    if (certificate === '') return this.#identity(place);
    return loadCertificate({ certificate, key: key || certificate }, clock.now());
  }

  async #identity(place: Place): Promise<Identity> {
    const { component, settings, authority } = this.#options;
    const own = isLoopback(place.address) ? [] : [hostname().toLowerCase(), place.address];
    const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...settings.names, ...own])];
    return (await authority()).identityOf({ role: component, hosts: hosts.filter(isReachable) });
  }

  /** Takes part in a row, which `life` ends; nothing where the row is switched off. */
  async #use(id: string, life: AsyncDisposableStack): Promise<ComponentDoor | undefined> {
    const place = this.#options.plan.placeOf(id);
    if (!place) return undefined;
    const shared = this.#shared.get(id) ?? { opening: this.#open(portRow(id), place), users: 0 };
    this.#shared.set(id, shared);
    shared.users++;
    life.defer(async () => {
      if (--shared.users > 0) return;
      this.#shared.delete(id);
      const opened = await shared.opening.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    });
    return (await shared.opening).door;
  }

  async #open(
    row: PortRow,
    place: Place,
  ): Promise<AsyncDisposable & { readonly door: ComponentDoor }> {
    const { settings, tokens, clock, trace, addresses } = this.#options;
    await using life = new AsyncDisposableStack();
    const isNetwork = !isLoopback(place.address);
    const twin = tlsTwin(row.id);
    if (isNetwork && twin && !row.tls) {
      throw new DoorError(
        `Cannot open "${row.id}" on ${place.address}: it is plain and stays on loopback; set ports.${twin.id} instead`,
      );
    }
    const identity = row.tls || isNetwork ? await this.#identity(place) : undefined;
    const door = life.use(
      await openComponentDoor({
        row,
        place,
        identity,
        names: settings.names,
        verify: (token) => tokens.verify(token),
        clock,
        trace,
        connections: settings.connections,
        drain: settings.drain,
      }),
    );
    const { address, port, tls } = door;
    life.use(addresses.add({ row: row.id, address, port, tls, since: clock.now() }));
    if (identity) life.use(this.#renewing(async () => door.renew(await this.#identity(place))));
    return Object.assign(life.move(), { door });
  }

  /** Repeats `renew` for as long as a certificate is shown. */
  #renewing(renew: () => Promise<void>): Disposable {
    const { clock, trace, component } = this.#options;
    let timer: Disposable | undefined;
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      timer = clock.after(RENEWAL, () => {
        renew().then(again, (error: unknown) => {
          trace.fault('door.certificate-not-renewed', error, { component });
          again();
        });
      });
    };
    again();
    return {
      [Symbol.dispose]() {
        isOver = true;
        timer?.[Symbol.dispose]();
      },
    };
  }

  /** Hands what `life` holds to the caller, and to these doors should the caller forget it. */
  #kept(life: AsyncDisposableStack): AsyncDisposable {
    const kept = life.move();
    this.#held.add(kept);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#held.delete(kept);
        await kept.disposeAsync();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const kept of [...this.#held].toReversed()) await kept.disposeAsync();
    this.#held.clear();
  }
}

/** A row, and the one that offers the same over TLS. */
function withTwin(row: string): string[] {
  const twin = tlsTwin(row);
  return twin ? [row, twin.id] : [row];
}

/** Everywhere is no host that a certificate can name; nor is a machine's name with other letters in it. */
const isReachable = (host: string): boolean =>
  host !== '0.0.0.0' && host !== '::' && (isIP(host) !== 0 || /^[a-z0-9.-]+$/.test(host));
