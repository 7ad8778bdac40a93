/** What every way of calling a contract must keep: the same tests for each. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import type { Call, Client, Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { ManualClock, seconds } from '#base/time.ts';

export const example = defineContract({
  name: 'database',
  version: 1,
  methods: {
    greet: {
      params: z.object({ who: z.string().max(20), tags: z.array(z.string()).optional() }),
      result: z.object({ text: z.string() }),
      errors: { 'nobody-there': z.object({ since: z.number() }) },
      roles: ['media-director'],
      idempotent: true,
    },
    count: { params: z.object({}), result: z.int(), roles: ['media-director'] },
    forget: { params: z.undefined(), result: z.void(), roles: ['media-director'] },
    wait: { params: z.object({}), result: z.null(), roles: ['media-director'] },
    secret: { params: z.object({}), result: z.string(), roles: ['ids-view'] },
  },
  streams: {
    numbers: {
      params: z.object({ to: z.int() }),
      event: z.object({ square: z.int() }),
      cursor: z.int(),
      roles: ['media-director'],
    },
    secrets: { event: z.string(), roles: ['ids-view'] },
  },
});

type Example = typeof example;
type Methods = Implementation<Example>['methods'];
type Streams = Implementation<Example>['streams'];

/** An implementation whose parts a test may replace. */
export function exampleImplementation(
  methods: Partial<Methods> = {},
  streams: Partial<Streams> = {},
): Implementation<Example> {
  let count = 0;
  return {
    methods: {
      greet: async ({ who }) => ({ text: `Hello, ${who}` }),
      count: async () => ++count,
      forget: async () => undefined,
      wait: (_params, call) => hungUp(call),
      secret: async () => 'secret',
      ...methods,
    },
    streams: {
      async *numbers({ params, since }) {
        for (let n = (since ?? 0) + 1; n <= params.to; n++) {
          yield { event: { square: n * n }, cursor: n };
        }
      },
      async *secrets() {
        yield { event: 'secret', cursor: undefined };
      },
      ...streams,
    },
  };
}

const hungUp = (call: Call): Promise<never> =>
  new Promise((_resolve, reject) => {
    call.signal.addEventListener('abort', () => reject(call.signal.reason));
  });

export interface OpenExample {
  readonly implementation: Implementation<Example>;
  readonly role: string;
  readonly clock: ManualClock;
}

/** Serves the example and connects to it. Disposing the client releases all of it. */
export type Open = (options: OpenExample) => Promise<Client<Example>>;

/** The contract suite; `way` names the way of calling in the tests' names. */
export function rpcSuite(way: string, open: Open): void {
  const opened = (
    methods?: Partial<Methods>,
    streams?: Partial<Streams>,
    clock = new ManualClock(),
  ): Promise<Client<Example>> =>
    open({
      implementation: exampleImplementation(methods, streams),
      role: 'media-director',
      clock,
    });

  test(`${way}: a call is answered`, async () => {
    await using client = await opened();
    expect(await client.call.greet({ who: 'Agent 1' })).toEqual({ text: 'Hello, Agent 1' });
  });

  test(`${way}: many calls at once are each answered`, async () => {
    await using client = await opened();
    const answers = await Promise.all(
      Array.from({ length: 3_000 }, (_, n) => client.call.greet({ who: `${n}` })),
    );
    expect(answers.map((answer) => answer.text)).toEqual(answers.map((_, n) => `Hello, ${n}`));
  });

  test(`${way}: unknown fields are ignored in both directions`, async () => {
    const seen: unknown[] = [];
    await using client = await opened({
      greet: async (params) => {
        seen.push(params);
        return { text: 'Hello', extra: 'not in the contract' };
      },
    });
    const params = { who: 'Agent 1', extra: true };
    expect(await client.call.greet(params)).toEqual({ text: 'Hello' });
    expect(seen).toEqual([{ who: 'Agent 1' }]);
  });

  test(`${way}: what is passed is a copy from the moment of the call`, async () => {
    const seen: unknown[] = [];
    await using client = await opened({
      greet: async (params) => {
        seen.push(params.tags);
        params.tags?.push('theirs');
        return { text: 'Hello' };
      },
    });
    const tags = ['ours'];
    const answer = client.call.greet({ who: 'Agent 1', tags });
    tags.push('later');
    await answer;
    expect({ seen, tags }).toEqual({ seen: [['ours', 'theirs']], tags: ['ours', 'later'] });
  });

  test(`${way}: a method without a result answers undefined`, async () => {
    await using client = await opened();
    expect(await client.call.forget(undefined)).toBeUndefined();
  });

  test(`${way}: params outside the contract are refused without repeating them`, async () => {
    await using client = await opened();
    const refusal = await client.call.greet({ who: 'x'.repeat(21) }).catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'invalid-params', data: [{ path: 'who' }] });
    expect(JSON.stringify(refusal)).not.toContain('xxxx');
  });

  test(`${way}: a refusal arrives as one, its data as the contract says`, async () => {
    await using client = await opened({
      greet: async () => {
        throw new Refusal('nobody-there', 'Nobody is there', { since: 7, password: 'x' });
      },
    });
    const refusal = await client.call.greet({ who: 'Agent 1' }).catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'nobody-there', message: 'Nobody is there' });
    expect(refusal).toHaveProperty('data', { since: 7 });
  });

  test(`${way}: an unexpected error is internal, with a reference and nothing else of it`, async () => {
    await using client = await opened({
      greet: () => {
        throw new Error('password is 1234');
      },
    });
    const failure = await client.call.greet({ who: 'Agent 1' }).catch((e: unknown) => e);
    expect(failure).toMatchObject({ name: 'CallFailure', code: 'internal' });
    expect(failure).toHaveProperty('reference', expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(String(failure)).not.toContain('1234');
  });

  test(`${way}: a result outside the contract is internal`, async () => {
    await using client = await opened({ count: async () => 1.5 });
    await expect(client.call.count({})).rejects.toMatchObject({ code: 'internal' });
  });

  test(`${way}: a role that the contract does not list is forbidden`, async () => {
    await using client = await opened();
    await expect(client.call.secret({})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(Array.fromAsync(client.follow.secrets())).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test(`${way}: a deadline ends the call on both sides`, async () => {
    const clock = new ManualClock();
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    await using client = await opened(
      {
        wait: async (_params, call) => {
          call.signal.addEventListener('abort', () => ended.resolve());
          started.resolve();
          return hungUp(call);
        },
      },
      {},
      clock,
    );
    const answer = client.call.wait({}, { timeout: seconds(3) }).catch((e: unknown) => e);
    await started.promise;
    clock.advance(seconds(3) + 20);
    expect(await answer).toMatchObject({ code: 'timeout' });
    await ended.promise;
  });

  test(`${way}: an aborted call ends on both sides, with the reason of its signal`, async () => {
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    await using client = await opened({
      wait: async (_params, call) => {
        call.signal.addEventListener('abort', () => ended.resolve());
        started.resolve();
        return hungUp(call);
      },
    });
    const giveUp = new AbortController();
    const answer = client.call.wait({}, { signal: giveUp.signal }).catch((e: unknown) => e);
    await started.promise;
    giveUp.abort('no longer wanted');
    expect(await answer).toBe('no longer wanted');
    await ended.promise;
  });

  test(`${way}: a stream yields its events in order and ends`, async () => {
    await using client = await opened();
    const items = await Array.fromAsync(client.follow.numbers({ params: { to: 1_000 } }));
    expect(items.map((item) => item.cursor)).toEqual(items.map((_, n) => n + 1));
    expect(items.length).toBe(1_000);
  });

  test(`${way}: a stream goes on behind the cursor it is given`, async () => {
    await using client = await opened();
    const items = client.follow.numbers({ params: { to: 5 }, since: 3 });
    expect(await Array.fromAsync(items)).toEqual([
      { event: { square: 16 }, cursor: 4 },
      { event: { square: 25 }, cursor: 5 },
    ]);
  });

  test(`${way}: a slow reader pauses the producer`, async () => {
    let produced = 0;
    await using client = await opened(undefined, {
      async *numbers() {
        for (;;) yield { event: { square: 1 }, cursor: ++produced };
      },
    });
    let read = 0;
    for await (const { cursor } of client.follow.numbers({ params: { to: 1 } })) {
      read = cursor;
      if (read === 2_000) break;
    }
    expect(produced).toBeLessThanOrEqual(2_000 + 600);
  });

  test(`${way}: a stream whose producer failed is opened again behind the last event`, async () => {
    let openings = 0;
    await using client = await opened(undefined, {
      async *numbers({ params, since }) {
        openings++;
        for (let n = (since ?? 0) + 1; n <= params.to; n++) {
          yield { event: { square: n }, cursor: n };
          if (n === 2 && openings === 1) throw new Error('the database is gone');
        }
      },
    });
    const items = await Array.fromAsync(client.follow.numbers({ params: { to: 4 } }));
    expect({ cursors: items.map((item) => item.cursor), openings }).toEqual({
      cursors: [1, 2, 3, 4],
      openings: 2,
    });
  });

  test(`${way}: a refused stream throws the refusal`, async () => {
    await using client = await opened(undefined, {
      numbers: () => {
        throw new Refusal('unknown-cursor', 'There is no such cursor');
      },
    });
    const items = client.follow.numbers({ params: { to: 1 }, since: 99 });
    await expect(Array.fromAsync(items)).rejects.toMatchObject({ code: 'unknown-cursor' });
  });

  test(`${way}: a stream ends quietly with its signal, and its producer with it`, async () => {
    const ended = Promise.withResolvers<void>();
    await using client = await opened(undefined, {
      async *numbers(_request, call) {
        call.signal.addEventListener('abort', () => ended.resolve());
        yield { event: { square: 1 }, cursor: 1 };
        await hungUp(call).catch(() => undefined);
      },
    });
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const { cursor } of client.follow.numbers({
      params: { to: 1 },
      signal: stop.signal,
    })) {
      seen.push(cursor);
      setImmediate(() => stop.abort());
    }
    expect(seen).toEqual([1]);
    await ended.promise;
  });

  test(`${way}: a disposed client answers nothing more`, async () => {
    const client = await opened();
    const answer = client.call.wait({}).catch((e: unknown) => e);
    await client[Symbol.asyncDispose]();
    expect(await answer).toMatchObject({ code: 'closed' });
    await expect(client.call.count({})).rejects.toMatchObject({ code: 'closed' });
  });
}
