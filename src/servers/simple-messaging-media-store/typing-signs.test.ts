import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import { AgentId, ConversationId } from '#domain/ids.ts';
import type { Typing } from './contract.ts';
import { TypingSigns } from './typing-signs.ts';

const customer: Typing = {
  conversation: ConversationId.parse('01890000-0000-7000-8000-000000000001'),
  party: 'customer',
  typing: true,
};
const agent: Typing = { ...customer, party: 'agent', agent: AgentId.parse('agent-1') };

async function heardWhile(
  act: (signs: TypingSigns, clock: ManualClock) => void,
): Promise<Typing[]> {
  const clock = new ManualClock();
  await using signs = new TypingSigns(clock);
  const life = new AbortController();
  const heard: Typing[] = [];
  const reading = (async () => {
    for await (const sign of signs.follow(life.signal)) heard.push(sign);
  })();
  await Promise.resolve();
  act(signs, clock);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  life.abort();
  await reading;
  return heard;
}

test('TypingSigns tells a sign once though it is repeated at every key', async () => {
  const heard = await heardWhile((signs, clock) => {
    for (let key = 0; key < 10; key++) {
      signs.say(customer);
      clock.advance(100);
    }
    signs.say(agent);
  });
  expect(heard).toEqual([customer, agent]);
});

test('TypingSigns ends a sign that is not renewed, and says so', async () => {
  const heard = await heardWhile((signs, clock) => {
    signs.say(customer);
    clock.advance(seconds(7));
    signs.say(customer);
    clock.advance(seconds(7));
    signs.say(agent);
    clock.advance(seconds(20));
  });
  expect(heard).toEqual([
    customer,
    customer,
    agent,
    { ...customer, typing: false },
    { ...agent, typing: false },
  ]);
});

test('TypingSigns tells the end of typing only where it had begun', async () => {
  const heard = await heardWhile((signs) => {
    signs.say({ ...customer, typing: false });
    signs.say(customer);
    signs.say({ ...customer, typing: false });
    signs.say({ ...customer, typing: false });
  });
  expect(heard).toEqual([customer, { ...customer, typing: false }]);
});
