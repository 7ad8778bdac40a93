/**
 * Clocks that jump, and those who come back after a day. The wall clock of the running program is moved by its
 * inspector; elapsed time goes on as it does when an administrator or NTP sets a clock.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hours } from '#base/time.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { ApiCaller } from '#servers/desktop-server/testing/api-caller.ts';
import { EventFollower } from '#servers/desktop-server/testing/event-follower.ts';
import { Agent } from './agent.ts';
import { Load, expectEveryMessage, expectSoundJournal, readAll } from './conversations.ts';
import { INSPECTED, Inspector } from './inspector.ts';
import { PASSWORD, WITHOUT_LIMITS, startCentre } from './start-centre.ts';
import type { Centre } from './start-centre.ts';
import { Visitor } from './visitor.ts';

/** Events that the desktop server keeps for those who come back: here few, so that a test can outrun it. */
const EVENTS_KEPT = 100;
const A_DAY = hours(24);

let life: AsyncDisposableStack;
let centre: Centre;
let inspector: Inspector;
let agent: Agent;
const visitors: Visitor[] = [];

beforeAll(async () => {
  life = new AsyncDisposableStack();
  const words = [...WITHOUT_LIMITS, '--set', `desktop-server.events-kept=${EVENTS_KEPT}`];
  centre = life.use(await startCentre({ agents: 2, words, environment: INSPECTED }));
  inspector = life.use(await Inspector.open(centre.program, centre.processOf('media-director')));
  agent = life.use(new Agent(centre, 'agent-1'));
  await agent.start();
}, 120_000);
afterAll(() => life.disposeAsync());

const supervisor = (): EventFollower =>
  new EventFollower(centre.url, { authorization: `Bearer ${centre.token}` });

function visit(): Visitor {
  const visitor = life.use(new Visitor(centre.url));
  visitors.push(visitor);
  return visitor;
}

test('M01: after 24 h a widget gets exactly what it does not hold', async () => {
  const visitor = visit();
  await visitor.write('Before the weekend');
  await visitor.until(() => visitor.texts.length === 1);
  visitor.leave();
  const path = `/conversations/${visitor.conversation}/messages`;
  const post = (id: string, text: string) => centre.as('agent-1').call('POST', path, { id, text });
  await post('late-1', 'We found it');
  await post('late-2', 'It is on its way');
  await inspector.jumpBy(A_DAY);

  const held = visitor.frames.length;
  await visitor.comeBack();
  await visitor.until(() => visitor.texts.length === 3);
  const sent = visitor.frames
    .slice(held)
    .flatMap((frame) => (frame.type === 'messages' ? frame.messages : []));
  expect(sent.map(({ text }) => text)).toEqual(['We found it', 'It is on its way']);
  await visitor.write('Thank you');
  expect((await readAll(centre, visitor.conversation)).map(({ text }) => text)).toEqual([
    'Before the weekend',
    'Re: Before the weekend',
    'We found it',
    'It is on its way',
    'Thank you',
    ...(visitor.texts.includes('agent: Re: Thank you') ? ['Re: Thank you'] : []),
  ]);
});

test('M01, S02: after 24 h the event socket goes on from the cursor, or begins anew where that is too old', async () => {
  using follower = supervisor();
  await follower.follow(['work']);
  await follower.leave();
  const before = follower.cursor?.work ?? 0;
  using load = new Load(centre, { customers: 2, messages: 1, pause: 0 });
  await load.finish();
  visitors.push(...load.visitors);
  await inspector.jumpBy(A_DAY);
  await follower.follow(['work']);
  expect(follower.typesSeen()).not.toContain('snapshot');
  const positions = follower.frames.flatMap((f) => (f.type === 'work' ? f.record.position : []));
  expect(positions).toEqual(positions.map((_, at) => before + 1 + at));
  expect(follower.cursor?.work).toBe(positions.at(-1));
  await follower.leave();

  using more = new Load(centre, { customers: 20, messages: 0, pause: 0 });
  await more.finish(); // an entry, an offer, its end, an answer and a close of each: more than are kept
  visitors.push(...more.visitors);
  await follower.follow(['work']);
  expect(follower.typesSeen()).toContain('snapshot');
  const beat = follower.frames.find((frame) => frame.type === 'caught-up');
  expect(beat).toMatchObject({ items: expect.any(Array) });
  expect(follower.items()).toEqual(beat?.type === 'caught-up' ? beat.items?.toSorted() : undefined);
});

test('an offer keeps its time to be answered, whatever the wall clock says', async () => {
  const waiting = supervisor();
  await waiting.follow(['work']);
  // Only agent 2 is there, and answers when the test says so.
  await centre.as('agent-1').call('PUT', '/me/readiness', { state: 'not-ready', reason: 'break' });
  const second = centre.as('agent-2');
  using present = new EventFollower(centre.url, {
    authorization: `Bearer ${centre.token}`,
    'emcee-agent': 'agent-2',
  });
  await second.call('POST', '/me/log-in', { station: 'desk' });
  await present.follow(['work']);
  await second.call('PUT', '/me/readiness', { state: 'ready' });
  const visitor = visit();
  await visitor.write('Is anybody there?');
  const offered = await waiting.until(
    (frame) => frame.type === 'work' && frame.record.body.type === 'work-item-offered',
  );
  await inspector.jumpBy(hours(1));
  await inspector.jumpBy(hours(-3));
  const { items } = await second.call<{ items: OpenWorkItem[] }>('GET', '/work-items');
  const item = items.find(({ state }) => state === 'offered');
  expect(offered).toMatchObject({ record: { body: { item: item?.id, offer: item?.offer } } });
  await second.call('POST', `/work-items/${item?.id}/accept`, { offer: item?.offer });
  await second.call('POST', `/conversations/${visitor.conversation}/messages`, {
    id: 're-1',
    text: 'Yes',
  });
  await visitor.until(() => visitor.texts.includes('agent: Yes'));
  await second.call('POST', `/work-items/${item?.id}/close`, { code: 'solved' });
  await visitor.until(() => visitor.ended);
  await second.call('POST', '/me/log-out');
  await centre.as('agent-1').call('PUT', '/me/readiness', { state: 'ready' });
  waiting[Symbol.dispose]();
});

test('people stay signed in over a jump that is shorter than a session, either way', async () => {
  const browser = new ApiCaller(centre.url);
  await browser.send('POST', '/session', { login: 'agent0', password: PASSWORD });
  const outcomes: string[] = [];
  for (const jump of [hours(-5), hours(5), hours(0.75), hours(-0.75)]) {
    await inspector.jumpBy(jump);
    outcomes.push(await browser.outcome('GET', '/session'));
  }
  expect(outcomes).toEqual(['200', '200', '200', '200']);
});

test('conversations go on while the wall clock jumps to and fro; nothing is lost, no figure is off', async () => {
  using load = new Load(centre, { customers: 4, messages: 3, pause: 20 });
  for (const jump of [A_DAY, -2 * A_DAY, hours(1), A_DAY]) {
    const before = load.acknowledged;
    await expect.poll(() => load.acknowledged, { timeout: 20_000 }).toBeGreaterThan(before + 8);
    await inspector.jumpBy(jump);
  }
  await load.finish();
  visitors.push(...load.visitors);
  const printed = centre.program.output().split('\n');
  expect(printed.filter((line) => line.includes('"level":"fault"'))).toEqual([]);
  await expectEveryMessage(centre, load.visitors, [agent]);
  await expectSoundJournal(
    centre,
    visitors.map(({ conversation }) => conversation),
  );
});
