/**
 * A centre without wires for tests: components find each other in memory, as in one process, and any
 * of them can be away. What crosses is validated and copied as over a wire.
 */
import { Registry } from 'prom-client';
import { CallFailure } from '#base/call-failure.ts';
import type { ComponentName } from '#base/component-name.ts';
import type {
  Client,
  ContractDefinition,
  FollowOptions,
  Implementation,
  StreamItem,
} from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import type { LineDialer } from '#platform/lines/lines.ts';
import type { Doors, Platform, WebHandler } from '#platform/platform.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import type { SettingsSchema, SettingsValues } from '#platform/settings/settings.ts';
import type { Trace } from '#platform/trace/trace.ts';

/** How long a call waits for a component that is away, unless it says so itself. */
const DEFAULT_TIMEOUT = 10_000;

export interface TestPlatformOptions {
  readonly database?: Database;
  readonly clock?: Clock;
  readonly directory?: string;
  /** Where it runs: a copy of its own, unless one is said to run again where another ran. */
  readonly home?: string;
  /** Opens what speaks a protocol of others; left out: nothing is opened. */
  readonly foreign?: Doors['foreign'];
  /** Values that differ from the defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

type AnyCall = (params: unknown, options?: { signal?: AbortSignal; timeout?: number }) => unknown;
type AnyFollow = (options?: FollowOptions<unknown, unknown>) => AsyncIterable<StreamItem<unknown>>;
interface AnyClient extends AsyncDisposable {
  readonly call: Readonly<Record<string, AnyCall>>;
  readonly follow: Readonly<Record<string, AnyFollow>>;
}

interface Served {
  readonly contract: ContractDefinition;
  readonly implementation: unknown;
  readonly gone: AbortController;
}

/** Components by name, and who serves them now. */
export class TestCentre {
  readonly #served = new Map<string, Served>();
  readonly #waiting = new Set<() => void>();
  readonly web = new Map<string, WebHandler>();
  readonly lines = new Map<string, LineDialer>();
  /** What components reported of themselves: part → detail. */
  readonly health = new Map<string, string>();
  /** Everything traced as a warning or a fault. */
  readonly complaints: string[] = [];

  /** Serves a component until disposed; whoever is in the middle of a stream then loses it. */
  serve<C extends ContractDefinition>(
    contract: C,
    implementation: Implementation<C>,
  ): AsyncDisposable {
    const served = { contract, implementation, gone: new AbortController() };
    this.#served.set(contract.name, served);
    for (const wake of this.#waiting) wake();
    return {
      [Symbol.asyncDispose]: async () => {
        if (this.#served.get(contract.name) === served) this.#served.delete(contract.name);
        served.gone.abort();
      },
    };
  }

  /** A client as the component `role` has it. */
  connect<C extends ContractDefinition>(contract: C, role: string): Client<C>;
  connect(contract: ContractDefinition, role: string): AnyClient {
    let last: [AnyClient, Served] | undefined;
    const open = async (timeout: number, signal?: AbortSignal): Promise<[AnyClient, Served]> => {
      const served =
        this.#served.get(contract.name) ?? (await this.#find(contract.name, timeout, signal));
      if (last?.[1] === served) return last;
      const implementation = served.implementation as Implementation<ContractDefinition>;
      const client = connectInProcess(contract, implementation, { role }) as unknown as AnyClient;
      last = [client, served];
      return last;
    };
    const call = async (
      name: string,
      params: unknown,
      options: { signal?: AbortSignal; timeout?: number } = {},
    ): Promise<unknown> => {
      const [client] = await open(options.timeout ?? DEFAULT_TIMEOUT, options.signal);
      return client.call[name]?.(params, options);
    };
    async function* follow(
      name: string,
      options: FollowOptions<unknown, unknown> = {},
    ): AsyncGenerator<StreamItem<unknown>> {
      let { since } = options;
      while (!options.signal?.aborted) {
        const [client, { gone }] = await open(2 ** 31 - 1, options.signal);
        const signal = options.signal
          ? AbortSignal.any([options.signal, gone.signal])
          : gone.signal;
        const events = client.follow[name]?.({ ...options, since, signal });
        for await (const item of events ?? []) {
          since = item.cursor ?? since;
          yield item;
        }
        if (!gone.signal.aborted) return;
      }
    }
    return {
      call: Object.fromEntries(
        Object.keys(contract.methods).map((name) => [
          name,
          (params, options) => call(name, params, options),
        ]),
      ),
      follow: Object.fromEntries(
        Object.keys(contract.streams ?? {}).map((name) => [
          name,
          (options) => follow(name, options),
        ]),
      ),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  /** What `component` stands on. Without a database it must not ask for one. */
  platform(component: ComponentName, options: TestPlatformOptions = {}): Platform {
    const { clock = systemClock, directory = '/nowhere', database, settings = {} } = options;
    return {
      component,
      instance: newId(),
      home: options.home ?? newId(),
      clock,
      trace: this.#trace(component),
      directory,
      database: database as Database,
      doors: {
        rpc: async (contract, implementation) => this.serve(contract, implementation),
        lines: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
        http: async () => undefined,
        foreign: options.foreign ?? (async () => undefined),
        web: async (path, handler) => {
          this.web.set(path, handler);
          return { [Symbol.asyncDispose]: async () => void this.web.delete(path) };
        },
      },
      peers: {
        connect: (contract) => this.connect(contract, component),
        dial: (row, dialer) => {
          this.lines.set(row, dialer);
          return { [Symbol.asyncDispose]: async () => void this.lines.delete(row) };
        },
        web: (path) => this.web.get(path),
      },
      beacons: {
        send: () => undefined,
        hear: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
      },
      health: {
        report: (part, state, detail) => {
          if (state === 'good') this.health.delete(part);
          else this.health.set(part, detail ?? state);
        },
      },
      metrics: new Registry(),
      settings: <S extends SettingsSchema>(schema: S) =>
        Object.fromEntries(
          Object.entries(schema).map(([name, { default: value }]) => [
            name,
            settings[name] ?? value,
          ]),
        ) as SettingsValues<S>,
    };
  }

  #trace(component: string): Trace {
    const complain = (event: string, cause: unknown): void =>
      void this.complaints.push(`${component} ${event}: ${String(cause)}`);
    return {
      debug: () => undefined,
      info: () => undefined,
      warning: (event, _detail, cause) => complain(event, cause),
      fault: (event, cause) => complain(event, cause),
    };
  }

  async #find(name: string, timeout: number, signal?: AbortSignal): Promise<Served> {
    for (;;) {
      const served = this.#served.get(name);
      if (served) return served;
      signal?.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<'again' | 'late'>();
      const again = (): void => resolve('again');
      const timer = setTimeout(resolve, timeout, 'late');
      this.#waiting.add(again);
      signal?.addEventListener('abort', again, { once: true });
      const outcome = await promise;
      clearTimeout(timer);
      this.#waiting.delete(again);
      signal?.removeEventListener('abort', again);
      if (outcome === 'late') throw new CallFailure('unavailable', `"${name}" is away`);
    }
  }
}
