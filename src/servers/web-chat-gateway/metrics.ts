import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { RefusalCode } from './contract.ts';

const CONNECTIONS = 'emcee_web_chat_gateway_connections';
const REFUSED = 'emcee_web_chat_gateway_refused_total';

/** What the gateway does, for Prometheus. */
export class Metrics implements Disposable {
  readonly #registry: Registry;
  readonly #refused: Counter<'reason'>;

  /** @param connections How many widgets are connected. */
  constructor(registry: Registry, connections: () => number) {
    this.#registry = registry;
    registry.registerMetric(
      new Gauge({
        name: CONNECTIONS,
        help: 'Widgets that are connected',
        registers: [],
        collect() {
          this.set(connections());
        },
      }),
    );
    this.#refused = new Counter({
      name: REFUSED,
      help: 'What was refused to widgets, by reason; numbers are statuses of HTTP',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  refused(reason: RefusalCode | number): void {
    this.#refused.inc({ reason });
  }

  [Symbol.dispose](): void {
    this.#registry.removeSingleMetric(CONNECTIONS);
    this.#registry.removeSingleMetric(REFUSED);
  }
}
