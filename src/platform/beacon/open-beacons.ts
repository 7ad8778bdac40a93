import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { ComponentName } from '#base/component-name.ts';
import type { Clock } from '#base/time.ts';
import type { AddressWriter } from '#platform/installation/address-file.ts';
import type { Place, PortPlan } from '#platform/ports/port-plan.ts';
import { portRow } from '#platform/ports/ports.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Beacons, Notice } from './beacon.ts';
import { BeaconFilter } from './beacon-filter.ts';
import type { DropReason } from './beacon-filter.ts';
import { encodeBeacon } from './beacon-frame.ts';
import { openBeaconKeys } from './beacon-keys.ts';
import type { BeaconKeys } from './beacon-keys.ts';

/** A beacon is for the networks it was sent to; no router passes it on. */
const TTL = 1;

/** Where ports are to be any free ones, everybody of one installation must still choose the same. */
const ANY_PORTS = { first: 20_000, count: 20_000 };

export interface OpenBeaconsOptions {
  readonly component: ComponentName;
  /** This running copy; sequences begin anew with it. */
  readonly instance: string;
  readonly directory: string;
  readonly plan: PortPlan;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly addresses?: AddressWriter;
}

/** The beacons of one component, and what of others' was not believed. */
export interface OpenBeacons extends Beacons, AsyncDisposable {
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** Opens nothing yet: a row is joined when it is first heard or sent to. */
export function openBeacons(options: OpenBeaconsOptions): OpenBeacons {
  return new ComponentBeacons(options);
}

class ComponentBeacons implements OpenBeacons {
  readonly dropped: Partial<Record<DropReason, number>> = {};
  readonly #options: OpenBeaconsOptions;
  readonly #life = new AsyncDisposableStack();
  readonly #senders = new Map<string, Promise<Socket | undefined>>();
  readonly #hearing = new Set<AsyncDisposable>();
  #keys: BeaconKeys | undefined;
  #sequence = 0;
  #isOver = false;

  constructor(options: OpenBeaconsOptions) {
    this.#options = options;
  }

  send(row: string, body: Notice['body']): void {
    const place = this.#placeOf(row);
    if (!place || this.#isOver) return;
    const { component, instance, clock } = this.#options;
    this.#keys ??= openBeaconKeys(this.#options.directory);
    const { id, key } = this.#keys.own;
    const notice = { row, component, instance, at: clock.now(), sequence: ++this.#sequence, body };
    const bytes = encodeBeacon(notice, id, key);
    const opening = this.#senders.get(row) ?? this.#openSender(row, place);
    this.#senders.set(row, opening);
    void this.#sendBy(opening, bytes, place.port, row);
  }

  async #sendBy(
    opening: Promise<Socket | undefined>,
    bytes: Buffer,
    port: number,
    row: string,
  ): Promise<void> {
    const socket = await opening;
    if (this.#isOver) return;
    socket?.send(bytes, port, groupOf(row), (error) => {
      if (error) this.#options.trace.debug('beacon.not-sent', { row, reason: error.message });
    });
  }

  async hear(row: string, heard: (notice: Notice) => void): Promise<AsyncDisposable> {
    const place = this.#placeOf(row);
    const socket = place && (await this.#join(row, place));
    if (!socket) return new AsyncDisposableStack();
    const { clock, trace } = this.#options;
    this.#keys ??= openBeaconKeys(this.#options.directory);
    const dropped = (reason: DropReason): void => {
      const count = (this.dropped[reason] ?? 0) + 1;
      this.dropped[reason] = count;
      // powers of ten: whoever floods us must not flood the trace as well
      if (/^10*$/.test(String(count))) trace.warning('beacon.dropped', { row, reason, count });
    };
    const filter = new BeaconFilter({ row, trusted: this.#keys.trusted, clock, dropped });
    socket.on('message', (bytes) => {
      const notice = filter.pass(bytes);
      if (notice) heard(notice);
    });
    const listed = this.#list(row, place);
    const hearing = {
      [Symbol.asyncDispose]: async () => {
        if (!this.#hearing.delete(hearing)) return;
        listed?.[Symbol.dispose]();
        await close(socket);
      },
    };
    this.#hearing.add(hearing);
    return hearing;
  }

  /** A group that cannot be joined is traced and done without: nothing depends on a beacon. */
  async #join(row: string, place: Place): Promise<Socket | undefined> {
    const group = groupOf(row);
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    try {
      // bound to the group, Linux keeps out what was sent to the port alone; others cannot bind to it
      socket.bind(place.port, process.platform === 'linux' ? group : undefined);
      await once(socket, 'listening');
      socket.addMembership(group, place.address);
      socket.on('error', (error) => this.#trouble(row, place, error));
      socket.unref();
      return socket;
    } catch (error) {
      this.#trouble(row, place, error);
      await close(socket);
      return undefined;
    }
  }

  async #openSender(row: string, place: Place): Promise<Socket | undefined> {
    const socket = createSocket('udp4');
    try {
      socket.bind(0, place.address); // at no other, where strangers could write to it
      await once(socket, 'listening');
      // named explicitly: by the default route a beacon for loopback would leave the machine
      socket.setMulticastInterface(place.address);
      socket.setMulticastTTL(TTL);
      socket.setMulticastLoopback(true);
      socket.on('error', (error) => this.#trouble(row, place, error));
      socket.unref();
      this.#life.defer(() => close(socket));
      const listed = this.#list(row, place);
      if (listed) this.#life.use(listed);
      return socket;
    } catch (error) {
      this.#trouble(row, place, error);
      await close(socket);
      return undefined;
    }
  }

  #list(row: string, { address, port }: Place): Disposable | undefined {
    return this.#options.addresses?.add({ row, address, port, tls: false });
  }

  #trouble(row: string, { address }: Place, error: unknown): void {
    this.#options.trace.warning('beacon.no-network', { row, address }, error);
  }

  #placeOf(row: string): Place | undefined {
    const place = this.#options.plan.placeOf(row);
    if (!place || place.port !== 0) return place;
    const digest = createHash('sha256').update(`${this.#options.directory} ${row}`).digest();
    return { ...place, port: ANY_PORTS.first + (digest.readUInt32BE(0) % ANY_PORTS.count) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const hearing of this.#hearing) await hearing[Symbol.asyncDispose]();
    await Promise.all(this.#senders.values());
    await this.#life.disposeAsync();
  }
}

function groupOf(row: string): string {
  const { group } = portRow(row);
  if (group === null) throw new RangeError(`Cannot use "${row}" for beacons: it has no group`);
  return group;
}

async function close(socket: Socket): Promise<void> {
  const closed = Promise.withResolvers<void>();
  socket.close(() => closed.resolve());
  await closed.promise;
}
