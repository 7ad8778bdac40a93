import { expect, test } from 'vitest';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import { decidePost } from './decide-post.ts';

const agent1 = AgentId.parse('agent-1');
const agent2 = AgentId.parse('agent-2');
const workItem = WorkItemId.parse('01890000-0000-7000-8000-000000000001');

test.each([
  [
    'a customer in the queue',
    { workItem },
    'queued',
    { from: 'customer' },
    { type: 'post', tell: 'nothing' },
  ],
  [
    'a customer while parked',
    { workItem },
    'parked',
    { from: 'customer' },
    { type: 'post', tell: 'customer-wrote' },
  ],
  [
    'a customer who is awaited',
    { workItem, owner: agent1 },
    'awaiting-customer',
    { from: 'customer' },
    { type: 'post', tell: 'customer-wrote' },
  ],
  [
    'a customer before the director was asked',
    { workItem },
    undefined,
    { from: 'customer' },
    { type: 'post', tell: 'customer-wrote' },
  ],
  [
    'a customer without an open work item',
    {},
    undefined,
    { from: 'customer' },
    { type: 'post', tell: 'submit' },
  ],
  [
    'a customer after the end',
    { endedAt: 1 },
    undefined,
    { from: 'customer' },
    { type: 'conversation-ended' },
  ],
  [
    'the owner',
    { workItem, owner: agent1 },
    'accepted',
    { from: 'agent', agent: agent1 },
    { type: 'post', tell: 'nothing' },
  ],
  [
    'another agent',
    { workItem, owner: agent1 },
    'accepted',
    { from: 'agent', agent: agent2 },
    { type: 'not-yours', owner: agent1 },
  ],
  [
    'an agent while nobody owns it',
    { workItem },
    'queued',
    { from: 'agent', agent: agent1 },
    { type: 'not-yours', owner: undefined },
  ],
  [
    'an agent without a name',
    { workItem },
    'queued',
    { from: 'agent' },
    { type: 'not-yours', owner: undefined },
  ],
  [
    'the owner after the end',
    { endedAt: 1, owner: agent1 },
    undefined,
    { from: 'agent', agent: agent1 },
    { type: 'conversation-ended' },
  ],
  ['the system', { workItem }, 'parked', { from: 'system' }, { type: 'post', tell: 'nothing' }],
] as const)('decidePost() for %s', (_who, conversation, itemState, author, expected) => {
  const facts = { endedAt: undefined, owner: undefined, workItem: undefined, ...conversation };
  expect(decidePost({ conversation: facts, itemState, conferees: [] }, author)).toEqual(expected);
});

test('decidePost() takes the words of a conferee; R13: of a previous owner no more', () => {
  const conversation = { endedAt: undefined, owner: agent1, workItem };
  const facts = { conversation, itemState: 'accepted', conferees: [agent2] } as const;
  const by = (agent: AgentId) => decidePost(facts, { from: 'agent', agent });
  expect(by(agent2)).toEqual({ type: 'post', tell: 'nothing' });
  expect(by(AgentId.parse('agent-3'))).toEqual({ type: 'not-yours', owner: agent1 });
});
