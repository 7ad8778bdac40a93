import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { minutes } from '#base/time.ts';
import { SegmentId } from '#domain/ids.ts';
import { agentId, chats, queueId, RuleCentre, submission } from './testing/centre.ts';
import { WaitMetrics } from './wait-metrics.ts';

test('what customers were told is held against what they waited, and published per queue', async () => {
  const registry = new Registry();
  const metrics = new WaitMetrics(registry, 'test_');
  const centre = new RuleCentre({
    agent: { 'agent-1': chats(1) },
    queue: { sales: {}, other: {} },
  });
  for (let n = 0; n < 5; n++) centre.submit();
  centre.ready('agent-1');
  for (let n = 0; n < 20; n++) {
    const ringing = [...centre.state.centre.items.values()].find((i) => i.state === 'offered');
    if (!ringing) throw new Error('Nobody is offered anything');
    const { position } = centre.state;
    centre.accept(ringing.id);
    const events = centre.journal.slice(position).map(({ body }) => body);
    metrics.note(events, centre.state);
    centre.submit();
    centre.after(minutes(1)).close(ringing.id);
  }
  const told = centre.journal.filter(
    ({ body }) => body.type === 'work-item-entered' && body.estimate,
  ).length;
  const answered = told - [...centre.state.centre.items.values()].filter((i) => i.estimate).length;
  const value = async (name: string) =>
    (await registry.getSingleMetric(`test_${name}`)?.get())?.values;
  expect(answered).toBeGreaterThan(5);
  expect(await value('wait_estimates')).toEqual([{ labels: { queue: 'sales' }, value: answered }]);
  expect((await value('wait_estimates_kept_ratio'))?.[0]?.value).toBeGreaterThan(0.7);
  expect((await value('wait_estimates_error_seconds'))?.[0]?.value).toBeLessThan(120);
});

test('figures stay bounded however many queues there are', async () => {
  const registry = new Registry();
  const metrics = new WaitMetrics(registry, 'test_');
  const centre = new RuleCentre({ agent: { 'agent-1': chats(1) } });
  centre.configure({ queue: Object.fromEntries(range(250).map((n) => [`queue-${n}`, {}])) });
  centre.ready('agent-1');
  for (const n of range(250)) {
    const entered = {
      ...submission({ queue: queueId(`queue-${n}`) }),
      type: 'work-item-entered',
      priority: 5,
      estimate: { least: 0, most: 5 },
    } as const;
    centre.state.apply(centre.now, { ...entered, item: entered.id });
    const accepted = {
      type: 'work-item-accepted',
      item: entered.id,
      agent: agentId('agent-1'),
      queue: entered.queue,
      segment: SegmentId.parse(newId()),
      offer: n,
    } as const;
    centre.state.apply(centre.now, accepted);
    metrics.note([accepted], centre.state);
  }
  const { values = [] } = (await registry.getSingleMetric('test_wait_estimates')?.get()) ?? {};
  expect(values).toHaveLength(201);
  expect(values.at(-1)).toEqual({ labels: { queue: 'others' }, value: 50 });
});

const range = (length: number): number[] => Array.from({ length }, (_, n) => n);
