import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { ManualClock, seconds } from '#base/time.ts';
import { AgentId, ConversationId } from '#domain/ids.ts';
import type { Writing } from './contract.ts';
import { WritingSigns } from './writing-signs.ts';

const conversation = ConversationId.parse(newId());
const one = AgentId.parse('agent-1');
const two = AgentId.parse('agent-2');

test('M01: a sign that somebody writes ends by itself after 30 s without a word, and all who follow hear of each change', async () => {
  const clock = new ManualClock(0);
  await using signs = new WritingSigns(clock);
  const stop = new AbortController();
  const heard: Writing['writers'][] = [];
  const following = (async () => {
    for await (const { writers } of signs.follow(stop.signal)) {
      heard.push(writers);
      if (heard.length === 4) stop.abort();
    }
  })();
  await Promise.resolve();
  signs.say(conversation, one, true);
  clock.advance(seconds(20));
  signs.say(conversation, one, true);
  signs.say(conversation, two, true);
  clock.advance(seconds(29));
  expect(signs.writers(conversation)).toEqual([one, two]);
  signs.say(conversation, two, true);
  clock.advance(seconds(2));
  expect(signs.writers(conversation)).toEqual([two]);
  signs.say(conversation, two, false);
  signs.say(conversation, two, false);
  await following;
  expect(heard).toEqual([[one], [one, two], [two], []]);
});
