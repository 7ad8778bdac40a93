import { expect, test } from 'vitest';
import { Followers } from './followers.ts';
import { JournalStatements } from './statements.ts';

test.each([Number.NaN, Infinity, -Infinity, 0, -1, 7.5, 2 ** 53])(
  'advance(%s) is no position: the head stays, and followers can go on',
  (head) => {
    const followers = new Followers(undefined as never, new JournalStatements('shop', 's'), 0);
    followers.advance(head);
    expect(followers.head).toBe(0);
    followers.advance(8);
    followers.advance(head);
    expect(followers.head).toBe(8);
  },
);
