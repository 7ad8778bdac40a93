import { setImmediate as immediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chats, RuleCentre } from '../testing/centre.ts';
import { packAnchor, unpackAnchor } from './anchor-parts.ts';
import { anchorOf, Anchors } from './anchors.ts';
import type { AnchorPart } from './tables.ts';

/** A centre whose position is moved by hand. */
function moving() {
  const { state } = new RuleCentre({ agent: { 'agent-1': chats(1) }, queue: { sales: {} } });
  return { state, goTo: (position: number) => void (state.centre.position = position) };
}

const taken = async (anchors: Anchors): Promise<void> => {
  await anchors[Symbol.asyncDispose]();
  await immediate();
};

test('Anchors takes one as it begins, and then one in so many events', async () => {
  const { state, goTo } = moving();
  const written: number[] = [];
  const anchors = new Anchors(
    {
      state,
      settled: async () => {},
      write: async (position) => void written.push(position),
      failed: (error) => expect(error).toBeUndefined(),
    },
    undefined,
  );
  for (const position of [5, 6, 19_999, 20_005, 20_006, 40_005]) {
    goTo(position);
    anchors.note();
    await taken(anchors);
  }
  expect(written).toEqual([5, 20_005, 40_005]);
});

test('Anchors writes nothing that is not durable, says so, and goes on', async () => {
  const { state, goTo } = moving();
  const [written, failures]: [number[], unknown[]] = [[], []];
  let isDurable = false;
  const anchors = new Anchors(
    {
      state,
      settled: async () => {
        if (!isDurable) throw new Error('The state is void');
      },
      write: async (position) => void written.push(position),
      failed: (error) => void failures.push(error),
    },
    0,
  );
  goTo(20_000);
  anchors.note();
  await taken(anchors);
  isDurable = true;
  goTo(40_000);
  anchors.note();
  await taken(anchors);
  expect({ written, failures: failures.length }).toEqual({ written: [40_000], failures: 1 });
});

test('An anchor is packed in parts and comes back whole; one with a part missing is refused', async () => {
  const centre = new RuleCentre({ agent: { 'agent-1': chats(1) }, queue: { sales: {} } });
  centre.ready('agent-1');
  for (let n = 0; n < 600; n++) centre.submit();
  const anchor = anchorOf(centre.state);
  const parts: AnchorPart[] = await packAnchor(anchor);
  expect(parts.length).toBe(5); // the head, three of items, one of agents
  const read = async (part: number) => parts[part]?.content;
  expect(await unpackAnchor(read)).toEqual(JSON.parse(JSON.stringify(anchor)));
  const torn = async (part: number) => (part === 2 ? undefined : read(part));
  await expect(unpackAnchor(torn)).rejects.toThrow('a part of it is missing');
});
