import { expect, test } from 'vitest';
import { codeOf, describeFailure, messageOf } from './failure.ts';

test('messageOf() has words for whatever is thrown', () => {
  expect(
    [new Error('gone'), new TypeError(), 'text', { a: 1 }, null, undefined].map(messageOf),
  ).toEqual([
    'gone',
    'TypeError',
    'text',
    '[object Object]',
    '[object Null]',
    '[object Undefined]',
  ]);
});

test('codeOf() gives the code of an error that has one', () => {
  expect(codeOf(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect([new Error('x'), { code: 'ENOENT' }, undefined].map(codeOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('describeFailure() names every cause, and ends where causes turn in a circle', () => {
  const first = new Error('connect ECONNREFUSED');
  expect(describeFailure(new Error('Cannot open', { cause: first }))).toBe(
    'Cannot open ← connect ECONNREFUSED',
  );
  first.cause = first;
  expect(describeFailure(first).split(' ← ')).toHaveLength(10);
});
