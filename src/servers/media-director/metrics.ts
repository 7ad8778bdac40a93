import { Counter, Gauge, type Registry } from 'prom-client';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Director } from './director.ts';
import type { Violation } from '#domain/work-item/standing.ts';
import { WaitMetrics } from './wait-metrics.ts';

export interface MetricsOptions {
  readonly registry: Registry;
  readonly health: Health;
  readonly trace: Trace;
  /** Who decides at present. */
  readonly director: () => Director | undefined;
}

/** The director's figures for Prometheus, and the alarm when a promise is broken. */
export class Metrics implements Disposable {
  readonly #options: MetricsOptions;
  readonly #offers: Counter<'ending'>;
  readonly #violations: Counter<'promise'>;
  readonly #broken: Gauge;
  readonly #waits: WaitMetrics;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const { registry, director } = options;
    this.#waits = new WaitMetrics(registry, PREFIX);
    this.#offers = new Counter({
      name: `${PREFIX}offers_ended_total`,
      help: 'Offers that ended, by how',
      labelNames: ['ending'] as const,
      registers: [registry],
    });
    this.#violations = new Counter({
      name: `${PREFIX}violations_total`,
      help: 'Promises that were broken; anything but 0 is a fault of the program',
      labelNames: ['promise'] as const,
      registers: [registry],
    });
    this.#broken = new Gauge({
      name: `${PREFIX}violations`,
      help: 'Promises that are broken now; anything but 0 is a fault of the program',
      registers: [registry],
    });
    const gauge = (name: string, help: string, value: (of: Director) => number): Gauge =>
      new Gauge({
        name: `${PREFIX}${name}`,
        help,
        registers: [registry],
        collect() {
          const present = director();
          this.set(present ? value(present) : 0);
        },
      });
    gauge('entered', 'Work items that ever came in', ({ state }) => state.entered);
    gauge('ended', 'Work items that ended', ({ state }) => state.ended);
    gauge('open', 'Work items that are open', ({ state }) => state.centre.items.size);
    gauge('waiting', 'Work items that wait in their queues', ({ state }) => count(state, 'queued'));
    gauge('offered', 'Work items that are offered now', ({ state }) => count(state, 'offered'));
    gauge('agents', 'Agents who are logged in', ({ state }) => state.centre.agents.size);
    gauge('callers_waiting', 'Callers who wait until what they asked is durable', (d) => d.waiting);
  }

  note(events: readonly DirectorEvent[]): void {
    for (const event of events) {
      if (event.type === 'offer-ended') this.#offers.inc({ ending: event.ending });
    }
    const director = this.#options.director();
    if (director) this.#waits.note(events, director.state);
  }

  /** A promise was broken: that is counted and traced. */
  broken({ promise, what, item, agent }: Violation): void {
    this.#violations.inc({ promise });
    this.#options.trace.fault('promise.broken', new Error(what), { promise, item, agent });
  }

  /** These are broken now: that is an alarm, with the work item named. */
  alarm(violations: readonly Violation[]): void {
    const { health } = this.#options;
    this.#broken.set(violations.length);
    const [first] = violations;
    if (first) health.report('promises', 'bad', `${first.what}. Please report this as a fault.`);
    else health.report('promises', 'good');
  }

  [Symbol.dispose](): void {
    const { registry } = this.#options;
    for (const { name } of registry.getMetricsAsArray()) {
      if (name.startsWith(PREFIX)) registry.removeSingleMetric(name);
    }
  }
}

const PREFIX = 'emcee_media_director_';

function count({ centre }: Director['state'], state: 'queued' | 'offered'): number {
  let found = 0;
  for (const item of centre.items.values()) if (item.state === state) found++;
  return found;
}
