import type { ComponentName } from '#base/component-name.ts';
import type { LineServer } from '#platform/lines/serve.ts';
import type { WebHandler } from '#platform/platform.ts';
import type { Service } from '#platform/rpc/service.ts';

/** What the components of one process offer each other without a wire. One per process. */
export class LocalComponents {
  readonly #runs: ReadonlySet<string>;
  readonly #services = new Map<string, Service>();
  readonly #lines = new Map<string, LineServer>();
  readonly #web = new Map<string, WebHandler>();
  readonly #watching = new Set<() => void>();

  /** @param runs The components that this process runs, or is about to. */
  constructor(runs: Iterable<ComponentName>) {
    this.#runs = new Set(runs);
  }

  /** Whether to look for `component` in this process, now or in a moment, and nowhere else. */
  runs(component: string): boolean {
    return this.#runs.has(component);
  }

  /** @throws {Error} If another service of this contract is offered already. */
  serve(service: Service): Disposable {
    return this.#offer(this.#services, service.contract.name, service);
  }

  service(contract: string): Service | undefined {
    return this.#services.get(contract);
  }

  takeLines(row: string, server: LineServer): Disposable {
    return this.#offer(this.#lines, row, server);
  }

  lines(row: string): LineServer | undefined {
    return this.#lines.get(row);
  }

  serveWeb(path: string, handler: WebHandler): Disposable {
    return this.#offer(this.#web, path, handler);
  }

  /** The handler of the longest path that `path` is, or lies under. */
  web(path: string): WebHandler | undefined {
    const [found] = [...this.#web.keys()]
      .filter((own) => path === own || path.startsWith(own.endsWith('/') ? own : `${own}/`))
      .toSorted((a, b) => b.length - a.length);
    return found === undefined ? undefined : this.#web.get(found);
  }

  /** Runs `changed` whenever something is offered, or no longer. */
  onChange(changed: () => void): Disposable {
    this.#watching.add(changed);
    return { [Symbol.dispose]: () => void this.#watching.delete(changed) };
  }

  #offer<T>(offers: Map<string, T>, name: string, offer: T): Disposable {
    if (offers.has(name))
      throw new Error(`Cannot offer "${name}": it is offered in this process already`);
    offers.set(name, offer);
    for (const changed of this.#watching) changed();
    return {
      [Symbol.dispose]: () => {
        if (offers.get(name) !== offer) return;
        offers.delete(name);
        for (const changed of this.#watching) changed();
      },
    };
  }
}
