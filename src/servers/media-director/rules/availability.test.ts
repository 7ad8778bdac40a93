import { describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { Agent } from '#domain/configuration/documents.ts';
import { CentreRouting } from '#domain/configuration/routing.ts';
import { SegmentId, type Channel } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import { agentId, codeId, queueId, RuleCentre, submission } from '../testing/centre.ts';
import type { AgentFacts, Part } from './agent-facts.ts';
import { obstacleTo, openChannels, roomIn, roomInQueue, type Obstacle } from './availability.ts';

const ONE = agentId('agent-1');
const SEGMENT = SegmentId.parse(newId());

/** A contact at hand, of queue `sales` if nothing else is said. */
const contact = (channel: Channel, more: Partial<OpenWorkItem> = {}): OpenWorkItem => ({
  ...submission({ channel }),
  state: 'accepted',
  priority: 5,
  queuedAt: 0,
  since: 0,
  serviceLevelCounted: true,
  ...more,
});

const part = (channel: Channel, role: Participant['role'], segment?: SegmentId): Part => ({
  item: contact(channel),
  participant: { agent: ONE, role, since: 0, segment },
});

const wrapUp = (channel: Channel, queue = 'sales') => ({
  item: contact(channel).id,
  segment: SEGMENT,
  since: 0,
  channel,
  queue: queueId(queue),
});

interface Given {
  readonly agent?: object;
  readonly routing?: object;
  readonly work?: readonly OpenWorkItem[];
  readonly parts?: readonly Part[];
  readonly status?: Partial<AgentStatus>;
}

const facts = ({ agent, routing, work = [], parts = [], status }: Given): AgentFacts => ({
  agent: Agent.parse({ name: 'Agent 1', login: 'agent-1', roles: ['agent'], ...agent }),
  routing: CentreRouting.parse(routing ?? {}),
  work,
  parts,
  status: {
    id: ONE,
    loggedInSince: 0,
    station: 'first',
    channels: [],
    since: 0,
    idleSince: 0,
    readiness: { state: 'ready' },
    present: true,
    wrapUps: [],
    ...status,
  },
});

describe('R12: of the limits of agent, centre and queue the least that is set holds', () => {
  // agent's cap, centre's cap, queue's, budget in chats → how many chats at once
  test.each<
    [number | undefined, number | undefined, number | undefined, number | undefined, number]
  >([
    [3, undefined, undefined, undefined, 3],
    [3, 5, undefined, undefined, 3],
    [3, 2, undefined, undefined, 2],
    [3, 0, undefined, undefined, 0],
    [3, undefined, 2, undefined, 2],
    [3, undefined, 5, undefined, 3],
    [3, undefined, 0, undefined, 0],
    [3, 2, 1, undefined, 1],
    [3, 1, 2, undefined, 1],
    [1, 3, 2, undefined, 1],
    [3, undefined, undefined, 2, 2],
    [3, undefined, undefined, 5, 3],
    [3, undefined, undefined, 0, 0],
    [3, 2, 3, 1, 1],
    [3, 3, 2, 5, 2],
    [0, 3, 3, 5, 0],
    [undefined, 3, 3, 5, 0], // a channel that is missing is not theirs
  ])('agent %j, centre %j, queue %j, budget for %j: %i', (own, centre, queue, budget, most) => {
    const rules = new RuleCentre({
      organisation: { organisation: { routing: perChat(centre) } },
      agent: {
        'agent-1': {
          capacity: own === undefined ? { task: 1 } : { 'web-chat': own },
          ...(budget === undefined ? {} : { budget: budget * 30 }),
        },
      },
      queue: { sales: queue === undefined ? {} : { mostPerAgent: queue } },
    });
    rules.ready('agent-1');
    const items = Array.from({ length: 6 }, () => rules.submit());
    for (const item of items) if (rules.agentOf(item)) rules.accept(item);
    expect(items.filter((item) => rules.agentOf(item) === ONE)).toEqual(items.slice(0, most));
  });
  const perChat = (most: number | undefined) =>
    most === undefined ? {} : { mostPerAgent: { 'web-chat': most } };
});

describe('roomIn()', () => {
  const agent = { capacity: { voice: 1, 'web-chat': 3, email: 5 }, budget: 100 };
  const routing = { weights: { email: 50 } };

  test.each<[string, Given, Channel, number]>([
    ['all of it where there is nothing', {}, 'web-chat', 3],
    ['less by each contact', { work: [contact('web-chat')] }, 'web-chat', 2],
    ['less by wrap-ups', { status: { wrapUps: [wrapUp('web-chat')] } }, 'web-chat', 2],
    ['less by conferences', { parts: [part('web-chat', 'conferee', SEGMENT)] }, 'web-chat', 2],
    ['less by consultations', { parts: [part('web-chat', 'consulted', SEGMENT)] }, 'web-chat', 2],
    ['less by invitations', { parts: [part('web-chat', 'consulted')] }, 'web-chat', 2],
    [
      'not less by watching a chat',
      { parts: [part('web-chat', 'monitor', SEGMENT)] },
      'web-chat',
      3,
    ],
    ['not less by coaching', { parts: [part('voice', 'coach', SEGMENT)] }, 'voice', 1],
    [
      'R15: not less by a contact that released its room',
      { work: [contact('web-chat', { isReleased: true })] },
      'web-chat',
      3,
    ],
    ['what the budget leaves: 100 − 50 for 30 each', { work: [contact('email')] }, 'web-chat', 1],
    ['nothing over the budget', { work: [contact('email'), contact('email')] }, 'web-chat', 0],
    ['the usual weight where none is set', { work: [contact('voice')] }, 'email', 0],
    [
      'of what may be interrupted nothing counts',
      { work: [contact('email'), contact('email')], routing: { interrupts: { voice: ['email'] } } },
      'voice',
      1,
    ],
    [
      'the other way round it counts',
      { work: [contact('voice')], routing: { interrupts: { voice: ['email'] } } },
      'email',
      0,
    ],
    [
      'a cap is hard: nothing interrupts its own channel',
      { work: [contact('voice')], routing: { interrupts: { voice: ['voice'] } } },
      'voice',
      0,
    ],
    [
      'what weighs nothing is bound by its cap alone',
      { work: [contact('voice')], routing: { weights: { email: 0 } } },
      'email',
      5,
    ],
  ])('%s', (_, given, channel, room) => {
    const more = { routing: { ...routing, ...given.routing } };
    expect(roomIn(channel, facts({ agent, ...given, ...more }))).toBe(room);
  });

  test('roomInQueue() counts contacts of all channels, and wrap-ups', () => {
    const work = [contact('web-chat'), contact('email'), contact('email', { queue: queueId('b') })];
    const given = facts({ work, status: { wrapUps: [wrapUp('task')] } });
    expect(roomInQueue(queueId('sales'), 4, given)).toBe(1);
  });
});

describe('obstacleTo()', () => {
  const LUNCH = codeId('lunch');
  const agent = { capacity: { 'web-chat': 1, email: 1 }, budget: 60 };
  test.each<[Obstacle | undefined, Given]>([
    [undefined, {}],
    ['away', { status: { present: false } }],
    ['not-ready', { status: { readiness: { state: 'not-ready', reason: LUNCH } } }],
    ['not-ready-soon', { status: { pending: { state: 'not-ready', reason: LUNCH } } }],
    ['rings', { work: [contact('email', { state: 'offered' })] }],
    ['rings', { parts: [part('email', 'consulted')] }],
    ['not-theirs', { agent: { capacity: { email: 1 } } }],
    ['no-seat', { status: { without: ['web-chat'] } }],
    [
      'not-ready-for-channel',
      { status: { readiness: { state: 'ready', except: { 'web-chat': LUNCH } } } },
    ],
    ['device-error', { status: { faults: { 'web-chat': codeId('device-error') } } }],
    ['full', { work: [contact('web-chat')] }],
    ['over-budget', { work: [contact('email')], routing: { weights: { email: 50 } } }],
  ])('%j', (obstacle, given) => {
    const one = facts({ agent, ...given });
    expect(obstacleTo('web-chat', one)).toBe(obstacle);
    expect(openChannels(one).includes('web-chat')).toBe(obstacle === undefined);
  });

  test('of one channel leaves the others open', () => {
    const status = {
      readiness: { state: 'ready', except: { 'web-chat': codeId('no-answer') } },
    } as const;
    expect(openChannels(facts({ agent, status }))).toEqual(['email']);
  });
});

test('R05: capacity holds over all queues of an agent', () => {
  const rules = new RuleCentre({
    agent: { 'agent-1': { capacity: { 'web-chat': 2 } } },
    queue: { sales: {}, support: {}, service: {} },
  });
  rules.ready('agent-1');
  const items = ['sales', 'support', 'service'].map((q) => rules.submit({ queue: queueId(q) }));
  for (const item of items) if (rules.agentOf(item)) rules.accept(item);
  expect(items.map((item) => rules.agentOf(item))).toEqual([ONE, ONE, undefined]);
});

test('a queue that the agent is full for holds up none of the others', () => {
  const rules = new RuleCentre({
    agent: { 'agent-1': { capacity: { 'web-chat': 3 } } },
    queue: { sales: { mostPerAgent: 1 }, support: {} },
  });
  rules.ready('agent-1');
  rules.accept(rules.submit());
  const second = rules.submit();
  const other = rules.submit({ queue: queueId('support') });
  expect([rules.agentOf(second), rules.agentOf(other)]).toEqual([undefined, ONE]);
});

test('R04: ten times more than everybody can take: nobody above capacity, nothing lost, all have a place', () => {
  const agents = Array.from({ length: 10 }, (_, n) => `agent-${n}`);
  const rules = new RuleCentre({
    agent: Object.fromEntries(agents.map((id) => [id, { capacity: { 'web-chat': 2 } }])),
    queue: { sales: {} },
  });
  rules.ready(...agents);
  const items = Array.from({ length: 200 }, () => rules.submit());
  for (let n = 0; n < 2; n++) {
    for (const item of items) if (rules.item(item).state === 'offered') rules.accept(item);
  }
  const owned = items.filter((item) => rules.item(item).state === 'accepted');
  expect(owned).toEqual(items.slice(0, 20));
  for (const id of agents) expect(rules.state.workOf(agentId(id))).toHaveLength(2);
  expect(rules.state.centre.items.size).toBe(200);
});
