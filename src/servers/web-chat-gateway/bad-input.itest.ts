import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { days, minutes, seconds } from '#base/time.ts';
import { conversationOf, startChat } from '../../../test/doubles/chat.ts';

const MUTATIONS = process.env['EMCEE_SOAK'] ? 10_000 : 300;

test('a flood from one visitor is limited, told so, and nothing of it is lost that was acknowledged', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  const welcome = await widget.hello();
  for (let count = 0; count < 40; count++)
    widget.say({ type: 'message', id: `m${count}`, text: 'x' });
  const refused = await widget.next('refused');
  expect(refused).toMatchObject({
    code: 'too-fast',
    message: 'You are sending too fast: wait 1 s',
  });
  expect(refused.retryAfter).toBeGreaterThan(0);
  const told = () => widget.frames.filter((f) => f.type === 'ack' || f.type === 'refused');
  await expect.poll(() => told().length).toBe(40);
  const acks = widget.frames.filter((frame) => frame.type === 'ack');
  const conversation = conversationOf(welcome);
  const { messages } = await chat.desktop.call.read({ conversation, since: 0 });
  expect(messages.map((m) => m.id)).toEqual(acks.map((ack) => ack.id));
  expect(acks).toHaveLength(12);
  chat.clock.advance(seconds(2));
  expect(await widget.post('later', 'y')).toMatchObject({ number: 13 });
});

test('a flood of frames ends the connection', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  await widget.hello();
  for (let count = 0; count < 500; count++) widget.say({ type: 'ping' });
  expect(await widget.closed()).toBe(1008);
});

test('connections and conversations are limited per address, and a /64 of IPv6 is one', async () => {
  await using chat = await startChat({ 'connects-per-address': 10, 'openings-per-address': 5 });
  const open = (address: string) =>
    chat.connect({ address }).then(
      (widget) => widget[Symbol.dispose](),
      (error: Error) => error.message,
    );
  const from = async (address: string, count: number) => {
    const outcomes: unknown[] = [];
    for (let at = 0; at < count; at++) outcomes.push(await open(address.replace('*', `${at}`)));
    return outcomes;
  };
  const refused = 'Unexpected server response: 429';
  expect(await from('192.0.2.1', 3)).toEqual([undefined, undefined, refused]);
  expect(await from('192.0.2.2', 1)).toEqual([undefined]);
  expect(await from('2001:db8::*', 3)).toEqual([undefined, undefined, refused]);

  chat.clock.advance(minutes(1));
  using first = await chat.connect({ address: '192.0.2.1' });
  using second = await chat.connect({ address: '192.0.2.1' });
  await first.hello();
  await first.post('m', 'one conversation');
  await second.hello();
  second.say({ type: 'message', id: 'm', text: 'another' });
  expect(await second.next('refused')).toMatchObject({ code: 'too-fast', id: 'm' });
});

test('a message over 32 kB is refused in one sentence, and a frame over any measure ends the connection', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  await widget.hello();
  widget.say({ type: 'message', id: 'm1', text: 'é'.repeat(16_385) });
  expect(await widget.next('refused')).toEqual({
    type: 'refused',
    code: 'too-long',
    message: 'A message may have at most 32 kB',
    id: 'm1',
  });
  expect(await widget.post('m2', '\u0001'.repeat(32_768))).toMatchObject({ number: 1 });
  widget.say({ type: 'message', id: 'm3', text: 'x'.repeat(300_000) });
  expect(await widget.closed()).toBe(1009);
});

test.each([
  ['a page of another origin', 'https://evil.example'],
  ['a page that has no origin', 'null'],
  ['a program that names none', ''],
])('the socket is refused to %s', async (_who, origin) => {
  await using chat = await startChat();
  await expect(chat.connect({ origin })).rejects.toThrow('Unexpected server response: 403');
});

test('a session that was not issued here, or long ago, begins a new conversation', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  const welcome = await widget.hello();
  await widget.post('m1', 'secret');
  const forged = Buffer.from(welcome.session, 'base64url');
  forged.writeUInt8(forged.readUInt8(53) ^ 1, 53);
  using thief = await chat.connect();
  expect((await thief.hello(forged.toString('base64url'))).conversation).toBeUndefined();
  chat.clock.advance(days(8));
  using late = await chat.connect();
  expect((await late.hello(welcome.session)).conversation).toBeUndefined();
  expect([thief.messages, late.messages]).toEqual([[], []]);
});

test('a widget that falls silent is disconnected, one that pings is not', async () => {
  await using chat = await startChat();
  using silent = await chat.connect();
  using lively = await chat.connect();
  await silent.hello();
  await lively.hello();
  for (let at = 0; at < 16; at++) {
    chat.clock.advance(seconds(10));
    lively.say({ type: 'ping' });
    await lively.next('pong');
  }
  expect(await silent.closed()).toBe(1006);
  expect(lively.closeCode).toBeUndefined();
});

test('one who connects and says nothing is disconnected soon', async () => {
  await using chat = await startChat();
  using stranger = await chat.connect();
  chat.clock.advance(seconds(30));
  expect(await stranger.closed()).toBe(1006);
});

test(
  `${MUTATIONS} mutated frames harm nobody but their sender`,
  async () => {
    const seed = Number(process.env['EMCEE_SEED'] ?? Date.now() % 1_000_000);
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    await using chat = await startChat({
      'connects-per-address': 1_000_000,
      'openings-per-address': 1_000_000,
      'messages-per-address': 1_000_000,
    });
    using witness = await chat.connect();
    await witness.hello();
    await witness.post('m1', 'one');
    const samples = [
      '{"type":"hello","entryPoint":"web","since":0}',
      '{"type":"message","id":"m1","text":"hello","name":"n","email":"a@b.example"}',
      '{"type":"mark","delivered":1,"read":1}',
      '{"type":"typing","typing":true}',
      '{"type":"end"}',
      '{"type":"ping"}',
    ];
    let widget = await chat.connect();
    await widget.hello();
    for (let count = 0; count < MUTATIONS; count++) {
      const bytes = Buffer.from(samples[random(samples.length)] ?? '');
      for (let change = random(4); change >= 0; change--) {
        bytes.writeUInt8(random(256), random(bytes.length));
      }
      const cut = bytes.subarray(0, random(3) === 0 ? random(bytes.length) : bytes.length);
      if (random(20) === 0) widget.socket.send(randomBytes(random(200))); // binary
      else widget.socket.send(cut.toString('latin1'));
      if (widget.socket.readyState === WebSocket.OPEN && count % 10 !== 0) continue;
      widget[Symbol.dispose]();
      widget = await chat.connect();
      await widget.hello();
    }
    widget[Symbol.dispose]();
    const acknowledged = await witness.post('m2', 'two');
    expect([acknowledged.number, chat.centre.complaints], `seed ${seed}`).toEqual([2, []]);
  },
  minutes(5),
);
