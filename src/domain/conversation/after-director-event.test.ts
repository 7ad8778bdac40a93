import { expect, test } from 'vitest';
import { AgentId, QueueId, SegmentId, WorkItemId } from '../ids.ts';
import type { DirectorEvent } from '../work-item/event.ts';
import { afterDirectorEvent } from './after-director-event.ts';
import type { ItemFacts } from './after-director-event.ts';

const item = WorkItemId.parse('01890000-0000-7000-8000-000000000001');
const next = WorkItemId.parse('01890000-0000-7000-8000-000000000002');
const segment = SegmentId.parse('01890000-0000-7000-8000-000000000003');
const agent = AgentId.parse('agent-1');
const colleague = AgentId.parse('agent-2');
const queue = QueueId.parse('sales');

const queued: ItemFacts = {
  conversation: { workItem: item, owner: undefined, endedAt: undefined },
  itemState: 'queued',
  customerWroteAt: 50,
};
const owned: ItemFacts = {
  ...queued,
  conversation: { ...queued.conversation, owner: agent },
  itemState: 'accepted',
};
const free = { workItem: item, owner: undefined };
const gone = { workItem: undefined, owner: undefined, itemState: undefined };

test.each<[string, ItemFacts, DirectorEvent, unknown]>([
  [
    'an offer',
    queued,
    {
      type: 'work-item-offered',
      item,
      agent,
      queue,
      offer: 1,
      deadline: 9,
      choice: { by: 'director', rule: '', candidates: 1, configuration: 1 },
    },
    { ...free, itemState: 'offered' },
  ],
  [
    'an acceptance',
    queued,
    { type: 'work-item-accepted', item, agent, queue, segment, offer: 1 },
    { workItem: item, owner: agent, itemState: 'accepted' },
  ],
  [
    'a second acceptance by the owner',
    owned,
    { type: 'work-item-accepted', item, agent, queue, segment, offer: 1 },
    undefined,
  ],
  [
    'a requeue',
    owned,
    { type: 'work-item-requeued', item, queue, reason: 'agent-vanished' },
    { ...free, itemState: 'queued' },
  ],
  ['parking', owned, { type: 'work-item-parked', item }, { ...free, itemState: 'parked' }],
  [
    'waiting for the customer',
    owned,
    { type: 'work-item-awaits-customer', item, agent },
    { workItem: item, owner: agent, itemState: 'awaiting-customer' },
  ],
  [
    'an owner who left to a colleague',
    owned,
    { type: 'owner-changed', item, from: agent, agent: colleague, segment },
    { workItem: item, owner: colleague, itemState: 'accepted' },
  ],
  [
    'an overflow, which nobody asked for',
    queued,
    { type: 'work-item-transferred', item, to: next, queue, cause: 'overflow' },
    { workItem: next, owner: undefined, itemState: 'queued' },
  ],
  [
    'a transfer',
    owned,
    { type: 'work-item-transferred', item, to: next, by: agent },
    { workItem: next, owner: undefined, itemState: 'queued' },
  ],
  ['a merge', owned, { type: 'work-item-merged', item, into: next, by: agent }, gone],
  [
    'a close',
    owned,
    { type: 'work-item-closed', item, queue, ending: 'handled' },
    { ...gone, ended: 'agent' },
  ],
  [
    'an abandonment',
    queued,
    { type: 'work-item-closed', item, queue, ending: 'abandoned' },
    { ...gone, ended: 'customer' },
  ],
  [
    'a forced close',
    queued,
    { type: 'work-item-closed', item, queue, ending: 'forced' },
    { ...gone, ended: 'system' },
  ],
  [
    'a close after the customer ended it',
    { ...owned, conversation: { ...owned.conversation, endedAt: 40 } },
    { type: 'work-item-closed', item, queue, ending: 'handled' },
    gone,
  ],
  [
    'the close of another item',
    owned,
    { type: 'work-item-closed', item: next, queue, ending: 'handled' },
    undefined,
  ],
  ['an agent logging out', owned, { type: 'agent-logged-out', agent, reason: 'asked' }, undefined],
])('afterDirectorEvent() takes %s', (_what, facts, event, expected) => {
  expect(afterDirectorEvent(facts, event, 100)).toEqual(expected);
});

test('afterDirectorEvent() tells of a customer who wrote while the item was being parked', () => {
  const facts = { ...owned, customerWroteAt: 101 };
  expect(afterDirectorEvent(facts, { type: 'work-item-parked', item }, 100)).toEqual({
    workItem: item,
    owner: undefined,
    itemState: 'parked',
    customerWrote: true,
  });
});

test('afterDirectorEvent() takes the entry of the item that a transfer made', () => {
  const entered = {
    type: 'work-item-entered',
    item: next,
    conversation: '01890000-0000-7000-8000-000000000009',
    interaction: '01890000-0000-7000-8000-000000000008',
    channel: 'web-chat',
    queue,
    priority: 5,
    enteredAt: 1,
    previous: item,
  } as DirectorEvent;
  expect(afterDirectorEvent(owned, entered, 100)).toEqual({
    workItem: next,
    owner: undefined,
    itemState: 'queued',
  });
});
