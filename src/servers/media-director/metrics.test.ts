import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { systemClock } from '#base/time.ts';
import { Director } from './director.ts';
import { Metrics } from './metrics.ts';
import { chats, RuleCentre } from './testing/centre.ts';

function metricsOf(centre: RuleCentre) {
  const registry = new Registry();
  const health = new Map<string, string | undefined>();
  const faults: unknown[] = [];
  const quiet = (): void => {};
  const ledger = {
    position: 0,
    isOurs: true,
    isAway: false,
    append: () => Promise.reject(new Error('Nobody writes')),
    follow: () => {
      throw new Error('Nobody follows');
    },
    ours: async () => {},
    mayHaveEnded: () => false,
    endingsOf: async () => new Map<never, never>(),
  };
  const director = new Director({ clock: systemClock, state: centre.state, ledger });
  const metrics = new Metrics({
    registry,
    director: () => director,
    health: { report: (part, state, detail) => void health.set(part, detail ?? state) },
    trace: {
      debug: quiet,
      info: quiet,
      warning: quiet,
      fault: (_, cause) => void faults.push(cause),
    },
  });
  return { registry, metrics, health, faults };
}

const centre = () =>
  new RuleCentre({ agent: { 'agent-1': chats(1) }, queue: { sales: {} }, code: {} });

test('S03: the figures tell that what came in is closed or open', async () => {
  const rules = centre();
  rules.ready('agent-1');
  const item = rules.submit();
  rules.submit();
  rules.accept(item);
  rules.close(item);
  const { registry, metrics, health } = metricsOf(rules);
  metrics.note(rules.journal.map((record) => record.body));
  metrics.alarm([]);
  const text = await registry.metrics();
  for (const line of [
    'entered 2',
    'ended 1',
    'open 1',
    'waiting 0',
    'offered 1',
    'agents 1',
    'offers_ended_total{ending="accepted"} 1',
  ]) {
    expect(text).toContain(`emcee_media_director_${line}`);
  }
  expect(health.get('promises')).toBe('good');
  metrics[Symbol.dispose]();
  expect(await registry.metrics()).not.toContain('emcee_media_director_');
});

test('a broken promise is an alarm with the work item named', async () => {
  const rules = centre();
  const { metrics, registry, health, faults } = metricsOf(rules);
  const what = 'Work item "x" is offered past its deadline';
  metrics.broken({ promise: 'deadline', what });
  metrics.alarm([{ promise: 'deadline', what }]);
  expect(health.get('promises')).toBe(`${what}. Please report this as a fault.`);
  expect(faults.map(String)).toEqual([`Error: ${what}`]);
  const text = await registry.metrics();
  expect(text).toContain('emcee_media_director_violations_total{promise="deadline"} 1');
  expect(text).toContain('emcee_media_director_violations 1');
  metrics.alarm([]);
  expect(health.get('promises')).toBe('good');
});
