import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitSet } from './bit-set.ts';

const someMembers = fc.array(fc.nat(2_000));

const bitSet = (members: readonly number[]): BitSet => {
  const set = new BitSet();
  for (const member of members) set.add(member);
  return set;
};
const membersOf = (set: BitSet): number[] => {
  const members: number[] = [];
  set.each((member) => members.push(member));
  return members;
};
const sorted = (members: Iterable<number>): number[] => [...members].toSorted((a, b) => a - b);

test('BitSet holds what a set holds, in rising order', () => {
  fc.assert(
    fc.property(someMembers, someMembers, (added, deleted) => {
      const set = bitSet(added);
      for (const member of deleted) set.delete(member);
      const expected = new Set(added).difference(new Set(deleted));
      expect(membersOf(set)).toEqual(sorted(expected));
      expect(set.size).toBe(expected.size);
      expect(deleted.some((member) => set.has(member))).toBe(false);
    }),
  );
});

test('BitSet intersects and unites as sets do', () => {
  fc.assert(
    fc.property(someMembers, someMembers, (one, other) => {
      const both = sorted(new Set(one).intersection(new Set(other)));
      const inBoth: number[] = [];
      bitSet(one).eachIn(bitSet(other), (member) => inBoth.push(member));
      expect(inBoth).toEqual(both);
      const [a, b] = [bitSet(one), bitSet(other)];
      const found: number[] = [];
      for (let next = a.nextIn(b, 0); next >= 0; next = a.nextIn(b, next + 1)) found.push(next);
      expect(found).toEqual(both);

      const kept = bitSet(one);
      const original = kept.copy();
      kept.keep(bitSet(other));
      expect([membersOf(kept), kept.size]).toEqual([both, both.length]);

      const joined = original.copy();
      joined.join(bitSet(other));
      const either = sorted(new Set(one).union(new Set(other)));
      expect([membersOf(joined), joined.size]).toEqual([either, either.length]);
      expect(membersOf(original)).toEqual(sorted(new Set(one)));
    }),
  );
});
