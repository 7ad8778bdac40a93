import { expect, test } from 'vitest';
import { moveMarks } from './move-marks.ts';

const NONE = { customerDelivered: 0, customerRead: 0, agentDelivered: 0, agentRead: 0 };

test.each([
  [
    { party: 'customer', delivered: 3 },
    { ...NONE, customerDelivered: 3 },
  ],
  [
    { party: 'agent', read: 2 },
    { ...NONE, agentDelivered: 2, agentRead: 2 },
  ],
  [
    { party: 'customer', delivered: 99, read: 98 },
    { ...NONE, customerDelivered: 5, customerRead: 5 },
  ],
  [{ party: 'agent' }, undefined],
] as const)('moveMarks() takes %j forward to %j', (move, expected) => {
  expect(moveMarks(NONE, move, 5)).toEqual(expected);
});

test('moveMarks() never moves a mark back', () => {
  const marks = { ...NONE, customerDelivered: 4, customerRead: 3 };
  expect(moveMarks(marks, { party: 'customer', delivered: 2, read: 1 }, 5)).toBeUndefined();
  expect(moveMarks(marks, { party: 'customer', delivered: 5, read: 1 }, 5)).toEqual({
    ...marks,
    customerDelivered: 5,
  });
});
