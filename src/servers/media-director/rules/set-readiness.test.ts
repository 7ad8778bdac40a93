import { describe, expect, test } from 'vitest';
import type { Readiness } from '#domain/agent/state.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { agentId, chats, codeId, queueId, RuleCentre } from '../testing/centre.ts';

const ONE = agentId('agent-1');
const READY: Readiness = { state: 'ready' };
const LUNCH: Readiness = { state: 'not-ready', reason: codeId('lunch') };
const COACHING: Readiness = { state: 'not-ready', reason: codeId('coaching') };
const NO_CHAT: Readiness = { state: 'ready', except: { 'web-chat': codeId('lunch') } };

const centre = () =>
  new RuleCentre({
    agent: { 'agent-1': { capacity: { 'web-chat': 1, task: 1 } }, 'agent-2': chats(1) },
    queue: {
      sales: {},
      tasks: { wrapUp: { longest: 30_000, codeRequired: false } },
    },
    code: { lunch: { use: 'not-ready' }, coaching: { use: 'not-ready' }, sold: { use: 'work' } },
  });

const statusOf = (rules: RuleCentre) => {
  const status = rules.state.centre.agents.get(ONE);
  return { now: status?.readiness, soon: status?.pending };
};

/** What an agent is busy with, and every way in which it ends. */
const BUSY: readonly {
  readonly what: string;
  readonly begin: (rules: RuleCentre) => WorkItemId;
  readonly end: (rules: RuleCentre, item: WorkItemId) => void;
}[] = [
  {
    what: 'an offer they decline',
    begin: (rules) => rules.submit({ channel: 'task' }),
    end: (rules, item) => rules.decline(item),
  },
  {
    what: 'an offer that is abandoned',
    begin: (rules) => rules.submit({ channel: 'task' }),
    end: (rules, item) => rules.run('abandon', { item }),
  },
  {
    what: 'an offer nobody answers',
    begin: (rules) => rules.submit({ channel: 'task' }),
    end: (rules, item) => rules.expire(item),
  },
  {
    what: 'an offer that is withdrawn',
    begin: (rules) => rules.submit({ channel: 'task' }),
    end: (rules, item) => rules.run('pullBack', { item, by: agentId('agent-2') }),
  },
  {
    what: 'a contact they close',
    begin: (rules) => accepted(rules, rules.submit({ channel: 'task' })),
    end: (rules, item) => rules.close(item),
  },
  {
    what: 'a contact they park',
    begin: (rules) => accepted(rules, rules.submit({ channel: 'task' })),
    end: (rules, item) => rules.run('park', { item, agent: ONE }),
  },
  {
    what: 'a contact that is closed by force',
    begin: (rules) => accepted(rules, rules.submit({ channel: 'task' })),
    end: (rules, item) => rules.run('forceClose', { item, by: agentId('agent-2') }),
  },
  {
    what: 'a wrap-up',
    begin(rules) {
      const item = rules.submit({ channel: 'task', queue: queueId('tasks') });
      rules.accept(item);
      rules.close(item);
      return item;
    },
    end: (rules, item) => rules.run('endWrapUp', { agent: ONE, item }),
  },
];

function accepted(rules: RuleCentre, item: WorkItemId): WorkItemId {
  rules.accept(item);
  return item;
}

describe('P09: what an agent asks for while they are busy', () => {
  // before → asked for, the newest last → what holds meanwhile, and once the work has ended
  const MATRIX: readonly [string, Readiness[], { now: Readiness; soon?: Readiness }, Readiness][] =
    [
      ['nothing', [], { now: READY }, READY],
      ['a break', [LUNCH], { now: READY, soon: LUNCH }, LUNCH],
      ['another break', [LUNCH, COACHING], { now: READY, soon: COACHING }, COACHING],
      ['a break and not after all', [LUNCH, READY], { now: READY }, READY],
      ['a break again', [LUNCH, READY, COACHING], { now: READY, soon: COACHING }, COACHING],
      ['no more chats', [NO_CHAT], { now: NO_CHAT }, NO_CHAT],
      ['a break, but then no chats', [LUNCH, NO_CHAT], { now: NO_CHAT }, NO_CHAT],
      ['no chats, but then a break', [NO_CHAT, LUNCH], { now: NO_CHAT, soon: LUNCH }, LUNCH],
    ];
  const cases = BUSY.flatMap((busy) =>
    MATRIX.map(([asked, wishes, meanwhile, after]) => ({ busy, asked, wishes, meanwhile, after })),
  );

  test.each(cases)('with $busy.what: $asked', ({ busy, wishes, meanwhile, after }) => {
    const rules = centre();
    rules.ready('agent-1');
    const item = busy.begin(rules);
    for (const readiness of wishes) rules.run('setReadiness', { agent: ONE, readiness });
    expect(statusOf(rules)).toEqual({ soon: undefined, ...meanwhile });
    busy.end(rules, item);
    expect(statusOf(rules)).toEqual({ now: after, soon: undefined });
  });

  test('takes effect with the last of their work, not with the first', () => {
    const rules = centre();
    rules.ready('agent-1');
    const chat = accepted(rules, rules.submit());
    const task = accepted(rules, rules.submit({ channel: 'task' }));
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    rules.close(task);
    expect(statusOf(rules)).toEqual({ now: READY, soon: LUNCH });
    rules.close(chat);
    expect(statusOf(rules)).toEqual({ now: LUNCH, soon: undefined });
  });

  test('a break that is pending is nobody’s work: nothing more is offered', () => {
    const rules = centre();
    rules.ready('agent-1');
    accepted(rules, rules.submit());
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(rules.agentOf(rules.submit({ channel: 'task' }))).toBeUndefined();
  });

  test('who is not ready and has work is at once what they ask for', () => {
    const rules = centre();
    rules.ready('agent-1');
    accepted(rules, rules.submit());
    rules.run('agentVanished', { agent: ONE });
    rules.run('present', { agents: [ONE] });
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(statusOf(rules)).toEqual({ now: LUNCH, soon: undefined });
  });
});

describe('P09: what is no contact of theirs keeps nobody from a break', () => {
  test.each(['monitor', 'coach'] as const)('as a %s', (role) => {
    const rules = centre();
    rules.ready('agent-2');
    const item = accepted(rules, rules.submit());
    rules.ready('agent-1');
    rules.run('join', { item, agent: ONE, role });
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(statusOf(rules)).toEqual({ now: LUNCH, soon: undefined });
  });

  test('but speaking with the customer does', () => {
    const rules = centre();
    rules.ready('agent-2');
    const item = accepted(rules, rules.submit());
    rules.ready('agent-1');
    rules.run('join', { item, agent: ONE, role: 'conferee' });
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(statusOf(rules)).toEqual({ now: READY, soon: LUNCH });
    rules.run('changeRole', { item, agent: ONE, role: 'monitor', by: ONE });
    expect(statusOf(rules)).toEqual({ now: LUNCH, soon: undefined });
  });
});

describe('ready per channel', () => {
  test('leaves out one channel and none of the others', () => {
    const rules = centre();
    rules.ready('agent-1');
    rules.run('setReadiness', { agent: ONE, readiness: NO_CHAT });
    const chat = rules.submit();
    const task = rules.submit({ channel: 'task' });
    expect([rules.agentOf(chat), rules.agentOf(task)]).toEqual([undefined, ONE]);
    rules.accept(task);
    rules.run('setReadiness', { agent: ONE, readiness: READY });
    expect(rules.agentOf(chat)).toBe(ONE);
  });

  test('for none of them is not ready; channels that are not theirs are left out', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const reason = codeId('lunch');
    const except = { 'web-chat': reason, task: reason };
    rules.run('setReadiness', { agent: ONE, readiness: { state: 'ready', except } });
    expect(statusOf(rules).now).toEqual(LUNCH);
    rules.run('setReadiness', {
      agent: agentId('agent-2'),
      readiness: { state: 'ready', except: { task: reason } },
    });
    expect(rules.state.centre.agents.get(agentId('agent-2'))?.readiness).toEqual(READY);
  });
});

describe('P02: a change of state is acknowledged with what holds now, or refused with why', () => {
  test('acknowledged', () => {
    const rules = centre();
    rules.ready('agent-1');
    const { agent } = rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(agent.readiness).toEqual(LUNCH);
  });

  test.each<[string, Readiness, boolean, string]>([
    ['a reason that does not exist', reasoned('dancing'), true, 'unknown-code'],
    ['a code that is none of a break', reasoned('sold'), true, 'unknown-code'],
    [
      'the same for one channel',
      { state: 'ready', except: { task: codeId('sold') } },
      true,
      'unknown-code',
    ],
    ['an agent who is not logged in', LUNCH, false, 'not-logged-in'],
  ])('refused: %s', (_, readiness, isThere, code) => {
    const rules = centre();
    if (isThere) rules.ready('agent-1');
    const before = statusOf(rules);
    expect(() => rules.run('setReadiness', { agent: ONE, readiness })).toThrow(
      expect.objectContaining({ code }),
    );
    expect(statusOf(rules)).toEqual(before);
  });
});

function reasoned(reason: string): Readiness {
  return { state: 'not-ready', reason: codeId(reason) };
}
