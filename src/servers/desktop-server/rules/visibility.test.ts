import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { SMALL_CENTRE } from '../testing/documents.ts';
import { personCaller } from './caller.ts';
import { type Step, type Viewer, mayRead, maySee, sightOf, viewerOf } from './visibility.ts';

const configuration = new Configuration();
for (const [index, draft] of SMALL_CENTRE.entries()) {
  configuration.apply({ ...draft, revision: index + 1, retired: false });
}

function viewer(id: string): Viewer {
  const agentId = AgentId.parse(id);
  const agent = configuration.get('agent', agentId);
  if (!agent) throw new Error(`There is no agent "${id}"`);
  return viewerOf(personCaller(agentId, agent), configuration);
}

function item(queue: string, more: Partial<OpenWorkItem> = {}): OpenWorkItem {
  const id = WorkItemId.parse('01936b3c-0000-7000-8000-000000000001');
  return {
    id,
    conversation: newId() as OpenWorkItem['conversation'],
    interaction: newId() as OpenWorkItem['interaction'],
    channel: 'web-chat',
    queue: QueueId.parse(queue),
    priority: 5,
    state: 'queued',
    enteredAt: 0,
    queuedAt: 0,
    since: 0,
    serviceLevelCounted: false,
    ...more,
  };
}

const agent1 = AgentId.parse('agent-1');
const agent2 = AgentId.parse('agent-2');

const asked = (agent: AgentId): Participant => ({ agent, role: 'consulted', since: 0 });

test.each([
  ['agent-1', item('sales'), true],
  ['agent-1', item('sales', { agent: agent2, state: 'accepted' }), true],
  ['agent-1', item('support'), false],
  ['agent-1', item('support', { agent: agent1, state: 'offered' }), true],
  ['agent-1', item('support', { onlyAgent: agent1 }), true],
  ['agent-1', item('support', { agent: agent2, participants: [asked(agent1)] }), true],
  ['agent-1', item('support', { agent: agent2, participants: [asked(agent2)] }), false],
  ['boss', item('support'), true],
])('maySee(): %s', (id, of, may) => {
  expect(maySee(viewer(id), of)).toBe(may);
});

test('mayRead() lets agents read what is over, and what they may see', () => {
  expect(mayRead(viewer('agent-1'), undefined)).toBe(true);
  expect(mayRead(viewer('agent-1'), item('sales'))).toBe(true);
  expect(mayRead(viewer('agent-1'), item('support'))).toBe(false);
});

function step(
  type: DirectorEvent['type'],
  before: OpenWorkItem | undefined,
  after: OpenWorkItem | undefined,
): Step {
  const body = { type, item: item('sales').id } as DirectorEvent;
  return { record: { position: 1, at: 0, body }, before, after };
}

test('sightOf() shows, lets appear and lets vanish, and knows whom it is about', () => {
  const of = (...given: Parameters<typeof step>) => sightOf(viewer('agent-1'), step(...given));
  const theirs = item('support', { state: 'offered', agent: agent1 });
  expect({
    enters: of('work-item-entered', undefined, item('sales')),
    entersElsewhere: of('work-item-entered', undefined, item('support')),
    comesToThem: of('work-item-offered', item('support'), theirs),
    leavesThem: of('work-item-requeued', theirs, item('support')),
    ends: of('work-item-closed', theirs, undefined),
    concernsAgents: of('segment-ended', item('support'), item('support')),
  }).toEqual({
    enters: { appears: false, shown: true, vanishes: false, isTheirs: false },
    entersElsewhere: { appears: false, shown: false, vanishes: false, isTheirs: false },
    comesToThem: { appears: true, shown: true, vanishes: false, isTheirs: true },
    leavesThem: { appears: false, shown: true, vanishes: true, isTheirs: true },
    ends: { appears: false, shown: true, vanishes: false, isTheirs: true },
    concernsAgents: { appears: false, shown: true, vanishes: false, isTheirs: false },
  });
});
