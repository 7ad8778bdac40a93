import { expect, test } from 'vitest';
import { AgentId } from '#domain/ids.ts';
import { hasLeft } from './has-left.ts';

const waiting = {
  owner: undefined,
  endedAt: undefined,
  offline: false,
  customerAddress: undefined,
  marks: { customerDelivered: 0, customerRead: 0, agentDelivered: 0, agentRead: 0 },
};
const own = [{ from: 'customer' }] as const;

test.each([
  ['nobody has turned to it', waiting, own, true],
  ['an agent has it', { ...waiting, owner: AgentId.parse('agent-1') }, own, false],
  ['an agent has written', waiting, [...own, { from: 'agent' }], false],
  [
    'an agent has had it, and it is parked',
    { ...waiting, marks: { ...waiting.marks, agentDelivered: 1 } },
    own,
    false,
  ],
  ['there is an address to answer to', { ...waiting, customerAddress: 'a@b.example' }, own, false],
  ['it was left while nobody was there', { ...waiting, offline: true }, own, false],
  ['it is over already', { ...waiting, endedAt: 1 }, own, false],
] as const)('hasLeft() when %s', (_when, conversation, messages, expected) => {
  expect(hasLeft(conversation, messages)).toBe(expected);
});
