import { expect, test } from 'vitest';
import { AgentId, WorkItemId } from '../ids.ts';
import type { OpenWorkItem } from '../work-item/open-work-item.ts';
import type { ItemFacts } from './after-director-event.ts';
import { reconcile } from './reconcile.ts';

const item = WorkItemId.parse('01890000-0000-7000-8000-000000000001');
const next = WorkItemId.parse('01890000-0000-7000-8000-000000000002');
const agent = AgentId.parse('agent-1');
const facts: ItemFacts = {
  conversation: { workItem: item, owner: undefined, endedAt: undefined },
  itemState: 'queued',
  customerWroteAt: 50,
};
const open = (part: Partial<OpenWorkItem>) =>
  ({ id: item, state: 'queued', since: 100, agent: undefined, ...part }) as OpenWorkItem;
const over = { workItem: undefined, owner: undefined, itemState: undefined };

test.each([
  ['both agree', open({}), undefined, { type: 'agreed' }],
  [
    'somebody accepted it meanwhile',
    open({ state: 'accepted', agent }),
    undefined,
    { type: 'changed', plan: { workItem: item, owner: agent, itemState: 'accepted' } },
  ],
  [
    'it is parked, and who parked it is not its owner',
    open({ state: 'parked', agent }),
    undefined,
    { type: 'changed', plan: { workItem: item, owner: undefined, itemState: 'parked' } },
  ],
  [
    'the customer wrote after it was parked',
    open({ state: 'parked', since: 49 }),
    undefined,
    {
      type: 'changed',
      plan: { workItem: item, owner: undefined, itemState: 'parked', customerWrote: true },
    },
  ],
  ['the director never heard of it', undefined, undefined, { type: 'submit' }],
  [
    'it was handled',
    undefined,
    { ending: 'handled' },
    { type: 'changed', plan: { ...over, ended: 'agent' } },
  ],
  [
    'it was forced to an end',
    undefined,
    { ending: 'forced' },
    { type: 'changed', plan: { ...over, ended: 'system' } },
  ],
  [
    'it was transferred',
    undefined,
    { ending: 'transferred', to: next },
    { type: 'moved', to: next },
  ],
  ['it was merged', undefined, { ending: 'merged', to: next }, { type: 'changed', plan: over }],
] as const)('reconcile() when %s', (_when, found, ending, expected) => {
  expect(reconcile(facts, found, ending)).toEqual(expected);
});
