import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Journal } from '#platform/journal/journal.ts';
import type { MessagingFact } from './contract.ts';
import type { Change } from './thread.ts';

const PREFIX = 'emcee_simple_messaging_media_store_';

export interface MetricsParts {
  readonly registry: Registry;
  readonly journal: Journal<Change, MessagingFact>;
  /** Conversations whose work item is open. */
  readonly open: () => number;
  /** Work items of which the director has still to be told something. */
  readonly untold: () => number;
}

/** What the store does, for Prometheus. */
export function measure({ registry, journal, open, untold }: MetricsParts): Disposable {
  const posted = { customer: 0, agent: 0, system: 0 };
  const turnedAway = { full: 0, closed: 0 };
  // sums of our own: a counter with labels would cost every message a look-up
  const counting = journal.onDurable(({ body }) => {
    if (body.type === 'message-posted') posted[body.from]++;
    if (body.type === 'turned-away') turnedAway[body.reason]++;
  });
  const counter = (name: string, help: string, label: string, sums: Record<string, number>): void =>
    registry.registerMetric(
      new Counter({
        name: `${PREFIX}${name}`,
        help,
        labelNames: [label],
        registers: [],
        collect() {
          this.reset();
          for (const [value, count] of Object.entries(sums)) this.inc({ [label]: value }, count);
        },
      }),
    );
  counter('messages_total', 'Messages stored, by who wrote them', 'from', posted);
  counter('turned_away_total', 'Customers whom no queue took on, by why', 'reason', turnedAway);
  const gauge = (name: string, help: string, value: () => number): Gauge =>
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('open_conversations', 'Conversations whose work item is open', open);
  gauge('untold', 'Work items of which the director has still to be told something', untold);
  return {
    [Symbol.dispose]() {
      counting[Symbol.dispose]();
      for (const name of ['messages_total', 'turned_away_total', 'open_conversations', 'untold']) {
        registry.removeSingleMetric(`${PREFIX}${name}`);
      }
    },
  };
}
