import { describe, expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { hours, minutes, seconds } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { Submission } from '../contract/stores.ts';
import { agentId, chats, newItemId, queueId, RuleCentre, submission } from '../testing/centre.ts';

const entered = (centre: RuleCentre, id: WorkItemId) =>
  centre.journal.find(({ body }) => body.type === 'work-item-entered' && body.item === id)?.body;

/** What submitting is refused with; nothing where it is let in. */
function refusalOf(centre: RuleCentre, more: Partial<Submission> = {}) {
  try {
    centre.submit(more);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, data: error.data };
    throw error;
  }
}

test('submit() says what the queue says of its work: tier, requirements, patience for the preferred', () => {
  const requirements = [{ requirement: {}, after: 0 }];
  const centre = new RuleCentre({
    queue: { sales: { tier: 2, preferredWait: 3_000, requirements }, plain: {} },
  });
  const at = centre.now;
  const first = centre.submit({ accountOwner: agentId('agent-1') });
  expect(entered(centre, first)).toMatchObject({
    tier: 2,
    requirements,
    accountOwner: 'agent-1',
    waitsForPreferredUntil: at + 3_000,
  });
  expect(centre.item(centre.submit())).toMatchObject({ waitsForPreferredUntil: undefined });
  const own = [{ requirement: { preferred: undefined }, after: 0 }];
  const other = centre.submit({ queue: queueId('plain'), requirements: own });
  expect(centre.item(other)).toMatchObject({ tier: 5, requirements: own });
  const plain = centre.submit({ queue: queueId('plain') });
  expect(centre.item(plain).requirements).toBeUndefined();
});

describe('a limit of the queue', () => {
  const LIMITED = {
    agent: { 'agent-1': chats(1) },
    queue: {
      sales: { limits: { waiting: 3 }, overflow: 'second' },
      second: { limits: { waiting: 1 }, overflow: 'third' },
      third: { limits: { waiting: 1 } },
    },
  };

  test('R14: of many who arrive together at one below the limit exactly one is let in', () => {
    const centre = new RuleCentre({ queue: { sales: { limits: { waiting: 3 } } } });
    centre.submit();
    centre.submit();
    const items = Array.from({ length: 50 }, () => submission({ enteredAt: centre.now }));
    const refused = items.filter((item) => {
      try {
        centre.run('submit', { item }, false);
        return false;
      } catch (error) {
        return error instanceof Refusal && error.code === 'queue-full';
      }
    });
    expect(refused).toHaveLength(49);
    expect(centre.state.centre.items.size).toBe(3);
  });

  test('R14: who is let in is let in once, and again when somebody has left the line', () => {
    const centre = new RuleCentre({ queue: { sales: { limits: { waiting: 1 } } } });
    const item = submission();
    centre.run('submit', { item });
    centre.run('submit', { item });
    expect(refusalOf(centre)).toEqual({ code: 'queue-full', data: { queue: 'sales' } });
    centre.run('abandon', { item: item.id });
    expect(refusalOf(centre)).toBeUndefined();
  });

  test('sends what is too much on to the overflow, and from there further', () => {
    const centre = new RuleCentre(LIMITED);
    const items = Array.from({ length: 5 }, () => centre.submit());
    expect(items.map((id) => centre.item(id).queue)).toEqual([
      'sales',
      'sales',
      'sales',
      'second',
      'third',
    ]);
    expect(centre.item(items[4] as WorkItemId).passed).toEqual(['sales', 'second']);
    expect(refusalOf(centre)).toEqual({ code: 'queue-full', data: { queue: 'sales' } });
  });

  test('does not run in circles where queues overflow into each other', () => {
    const centre = new RuleCentre({
      queue: {
        sales: { limits: { waiting: 0 }, overflow: 'second' },
        second: { limits: { waiting: 0 }, overflow: 'sales' },
      },
    });
    expect(refusalOf(centre)).toEqual({ code: 'queue-full', data: { queue: 'sales' } });
  });

  test('of none lets somebody in while an agent is free for them', () => {
    const centre = new RuleCentre({
      agent: { 'agent-1': chats(1) },
      queue: { sales: { limits: { waiting: 0 } } },
    });
    expect(refusalOf(centre)?.code).toBe('queue-full');
    centre.ready('agent-1');
    expect(refusalOf(centre)).toBeUndefined();
    expect(refusalOf(centre)?.code).toBe('queue-full');
  });

  test('P06: e-mails, tasks and messages that were left always queue, and take no place', () => {
    const centre = new RuleCentre({ queue: { sales: { limits: { waiting: 1 } } } });
    for (const channel of ['email', 'task', 'sms', 'preview'] as const) centre.submit({ channel });
    for (let n = 0; n < 3; n++) centre.submit({ offline: true });
    centre.submit();
    expect(refusalOf(centre)?.code).toBe('queue-full');
    expect(refusalOf(centre, { channel: 'email' })).toBeUndefined();
    expect(refusalOf(centre, { offline: true })).toBeUndefined();
  });

  test('counts nobody twice: after offers, returns and configuration it is what waits', () => {
    const centre = new RuleCentre(LIMITED);
    centre.ready('agent-1');
    const first = centre.submit();
    centre.submit();
    expect(centre.state.liveWaiting.in(queueId('sales'))).toBe(1);
    centre.decline(first);
    centre.configure({ queue: { sales: { limits: { waiting: 5 } } } });
    const waiting = [...centre.state.centre.items.values()].filter((i) => i.state === 'queued');
    expect(centre.state.liveWaiting.in(queueId('sales'))).toBe(waiting.length);
  });
});

describe('the hours of a queue', () => {
  const week = [...Array.from({ length: 5 }, () => [{ from: '09:00', to: '17:00' }]), [], []];
  const christmas = { date: '2026-12-25', name: 'Christmas', spans: [] };
  const berlin = { timeZone: 'Europe/Berlin', week, days: [christmas] };
  const HOURS = {
    agent: { 'agent-1': chats(1) },
    schedule: {
      office: berlin,
      always: { ...berlin, week: week.map(() => [{ from: '00:00', to: '24:00' }]), days: [] },
    },
    queue: {
      sales: { schedule: 'office' },
      passing: { schedule: 'office', overflow: 'night' },
      night: { schedule: 'always' },
    },
  };

  test.each([
    ['in the evening', '2026-06-01T17:00:00+02:00', '2026-06-02T09:00:00+02:00'],
    ['before the clocks change', '2026-03-27T17:00:00+01:00', '2026-03-30T09:00:00+02:00'],
    ['on a holiday', '2026-12-25T10:00:00+01:00', '2026-12-28T09:00:00+01:00'],
  ])('turn away who comes %s, and say when it opens', (_, when, opensAt) => {
    const centre = new RuleCentre(HOURS, Date.parse(when));
    expect(refusalOf(centre)).toEqual({
      code: 'queue-closed',
      data: { queue: 'sales', opensAt: Date.parse(opensAt) },
    });
    expect(centre.types()).toEqual([]);
  });

  test('let in to the minute, on the day the clocks change too', () => {
    const centre = new RuleCentre(
      { ...HOURS, schedule: { office: { ...berlin, week: week.map(() => week[0]) } } },
      Date.parse('2026-03-29T08:59:59.999+02:00'),
    );
    expect(refusalOf(centre)?.code).toBe('queue-closed');
    expect(refusalOf(centre.after(1))).toBeUndefined();
    centre.now = Date.parse('2026-03-29T17:00:00+02:00');
    expect(refusalOf(centre)?.code).toBe('queue-closed');
  });

  test('send on to a queue that is open', () => {
    const centre = new RuleCentre(HOURS, Date.parse('2026-06-01T20:00:00+02:00'));
    const item = centre.item(centre.submit({ queue: queueId('passing') }));
    expect(item).toMatchObject({ queue: 'night', passed: ['passing'] });
  });

  test('P06: keep no e-mail and no task out', () => {
    const centre = new RuleCentre(HOURS, Date.parse('2026-06-07T10:00:00+02:00'));
    expect(centre.item(centre.submit({ channel: 'email' })).queue).toBe('sales');
    expect(centre.item(centre.submit({ channel: 'task' })).queue).toBe('sales');
    const passing = centre.submit({ channel: 'email', queue: queueId('passing') });
    expect(centre.item(passing).queue).toBe('night');
  });

  test('P04: change nobody’s state, and who came in before is still served', () => {
    const centre = new RuleCentre(HOURS, Date.parse('2026-06-01T16:59:00+02:00'));
    const item = centre.submit();
    centre.after(hours(1)).ready('agent-1');
    expect(centre.agentOf(item)).toBe('agent-1');
    const { position } = centre.state;
    centre.after(hours(16)).run('resumed', {});
    expect(centre.types(position)).toEqual([]);
  });

  test('that nobody has set are always open', () => {
    const centre = new RuleCentre({ queue: { sales: { schedule: 'gone' } } });
    expect(refusalOf(centre)).toBeUndefined();
  });
});

describe('the longest wait', () => {
  const ANYBODY = [{ requirement: {}, after: 0 }];
  const WAITS = {
    agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
    queue: {
      sales: { limits: { longestWait: minutes(1) }, overflow: 'second', requirements: ANYBODY },
      second: { limits: { longestWait: minutes(1), waiting: 0 }, overflow: 'sales', tier: 3 },
    },
  };
  const onlyItem = (centre: RuleCentre) => [...centre.state.centre.items.values()][0];

  test('sends an item on as another pass, with its age, urgency and contact', () => {
    const centre = new RuleCentre(WAITS);
    const enteredAt = centre.now - seconds(30);
    const id = centre.submit({ enteredAt, priority: 1, preferredAgent: agentId('agent-2') });
    const first = centre.item(id);
    centre.now = first.queuedAt + minutes(1);
    centre.run('waitedTooLong', { item: id });
    expect(centre.types(1)).toEqual(['work-item-transferred', 'work-item-entered']);
    expect(centre.journal[1]?.body).toMatchObject({ cause: 'overflow', queue: 'second' });
    const next = onlyItem(centre);
    expect(next).toMatchObject({
      conversation: first.conversation,
      enteredAt,
      queuedAt: centre.now,
      priority: 1,
      preferredAgent: 'agent-2',
      queue: 'second',
      tier: 3,
      requirements: undefined, // what the first queue asked for stays there
      passed: ['sales'],
    });
    expect(centre.state.endings.get(id)).toMatchObject({ ending: 'transferred', to: next?.id });
  });

  test('never sends it back to a queue it has been in', () => {
    const centre = new RuleCentre(WAITS);
    centre.submit();
    for (let n = 0; n < 5; n++) {
      const item = onlyItem(centre);
      centre.after(minutes(2));
      if (item) centre.run('waitedTooLong', { item: item.id });
    }
    expect(onlyItem(centre)?.queue).toBe('second');
  });

  test('leaves alone who is being offered or has an agent, and who is gone', () => {
    const centre = new RuleCentre(WAITS);
    centre.ready('agent-1');
    const id = centre.submit();
    const { position } = centre.state;
    centre.run('waitedTooLong', { item: id });
    centre.run('waitedTooLong', { item: newItemId() });
    expect(centre.types(position)).toEqual([]);
  });
});
