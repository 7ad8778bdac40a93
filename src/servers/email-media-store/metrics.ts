import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Journal } from '#platform/journal/journal.ts';
import type { Change } from './changes.ts';
import type { EmailFact } from './contract.ts';

const PREFIX = 'emcee_email_media_store_';

export interface MetricsParts {
  readonly registry: Registry;
  readonly journal: Journal<Change, EmailFact>;
  /** Work items that are open. */
  readonly open: () => number;
  /** Work items of which the director has still to be told something. */
  readonly untold: () => number;
  /** Answers and reports that follow from filed e-mails and have not happened yet. */
  readonly consequences: () => number;
  /** E-mails that are on their way out. */
  readonly unsent: () => number;
}

/** What the store files and sends, for Prometheus. */
export function measure(parts: MetricsParts): Disposable {
  const { registry, journal, open, untold, consequences, unsent } = parts;
  const filed = { in: 0, out: 0 };
  const deliveries: Record<string, number> = { delivered: 0, bounced: 0, failed: 0, sent: 0 };
  let quarantined = 0;
  const counting = journal.onDurable(({ body }) => {
    if (body.type === 'email-filed') filed[body.direction]++;
    if (body.type === 'mail-quarantined') quarantined++;
    if (body.type !== 'delivery-changed') return;
    const { state } = body.delivery;
    if (state in deliveries) deliveries[state] = (deliveries[state] ?? 0) + 1;
  });
  const names: string[] = [];
  const counter = (
    name: string,
    help: string,
    label: string,
    sums: Record<string, number>,
  ): void => {
    names.push(name);
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
  };
  const gauge = (name: string, help: string, value: () => number): void => {
    names.push(name);
    registry.registerMetric(
      new Gauge({
        name: `${PREFIX}${name}`,
        help,
        registers: [],
        collect() {
          this.set(value());
        },
      }),
    );
  };
  counter('emails_total', 'E-mails filed, by direction', 'direction', filed);
  counter('deliveries_total', 'What became of e-mails that were sent', 'state', deliveries);
  gauge('quarantined_total', 'Mails held back since the start', () => quarantined);
  gauge('open_work_items', 'Work items that are open', open);
  gauge('untold', 'Work items of which the director has still to be told something', untold);
  gauge('unsent', 'E-mails that are on their way out', unsent);
  gauge('consequences', 'Automatic answers and reports that have not happened yet', consequences);
  return {
    [Symbol.dispose]() {
      counting[Symbol.dispose]();
      for (const name of names) registry.removeSingleMetric(`${PREFIX}${name}`);
    },
  };
}
