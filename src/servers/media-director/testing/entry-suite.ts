/** How work enters, and how it waits: a part of what every media director must do. Only tests import this file. */
import { describe, expect, test } from 'vitest';
import { callsOn, codeOf, type Subject } from './calls.ts';
import { agentId, newItemId, queueId, submission } from './centre.ts';

const ONE = agentId('agent-1');

/** Asks the director that is tested at the moment. */
export function entryContract(tested: () => Subject): void {
  const { ready, submit, centre, item, events } = callsOn(tested);

  describe('submit()', () => {
    test('twice has the effect of once, also after the item has ended', async () => {
      const given = submission();
      const { position } = await tested().store.call.submit({ item: given });
      await tested().store.call.submit({ item: given });
      expect(await events(position)).toEqual([]);
      await tested().store.call.abandon({ item: given.id });
      const ended = (await centre()).position;
      await tested().store.call.submit({ item: given });
      expect(await events(ended)).toEqual([]);
      expect((await centre()).items).toEqual([]);
    });

    test('refuses a queue that does not exist', async () => {
      expect(await codeOf(submit({ queue: queueId('nowhere') }))).toBe('unknown-queue');
    });
  });

  test('R04: everybody who waits can be told their place in the line', async () => {
    const now = Date.now();
    const items = [
      await submit({ enteredAt: now - 10 }),
      await submit({ enteredAt: now - 30 }),
      await submit({ enteredAt: now, priority: 1 }),
    ];
    const gone = newItemId();
    const { estimates } = await tested().store.call.estimates({ items: [...items, gone] });
    expect(estimates.map(({ place }) => place)).toEqual([3, 2, 1]);
    expect(estimates.every(({ wait }) => wait === undefined)).toBe(true); // nobody can know yet
  });

  test('how long a new contact would wait is told per line: not at all where somebody is free', async () => {
    const lines = [
      { queue: queueId('sales'), channel: 'web-chat' },
      { queue: queueId('nowhere'), channel: 'web-chat' },
    ] as const;
    const ask = () => tested().desktop.call.expectedWaits({ lines: [...lines] });
    expect(await ask()).toEqual({ waits: [null, null] });
    await ready(ONE);
    expect(await ask()).toEqual({ waits: [{ least: 0, most: 0 }, null] });
  });

  test('who keeps their place has it when they are called back, and cannot leave it by hanging up', async () => {
    const now = Date.now();
    const given = { enteredAt: now - 20, priority: 2 };
    const waiting = await submit(given);
    const behind = await submit({ enteredAt: now - 10, priority: 2 });
    const { call } = tested().store;
    const to = newItemId();
    expect(await call.keepPlace({ item: waiting, to })).toEqual({ item: to });
    const { position } = await centre();
    expect(await call.keepPlace({ item: waiting, to })).toEqual({ item: to });
    expect(await call.abandon({ item: waiting })).toEqual({ abandoned: false });
    expect(await call.abandon({ item: to })).toEqual({ abandoned: false });
    expect(await events(position)).toEqual([]);
    expect(await item(to)).toMatchObject({ ...given, state: 'queued', callback: true });
    const { estimates } = await call.estimates({ items: [to, behind] });
    expect(estimates.map(({ place }) => place)).toEqual([1, 2]);
    expect(await codeOf(call.keepPlace({ item: behind, to }))).toBe('wrong-state');
    expect(await codeOf(call.keepPlace({ item: newItemId(), to }))).toBe('unknown-item');

    expect(await call.cancelCallback({ item: behind })).toEqual({ cancelled: false });
    expect(await call.cancelCallback({ item: to })).toEqual({ cancelled: true });
    expect(await call.cancelCallback({ item: to })).toEqual({ cancelled: true });
    expect((await centre()).items.map(({ id }) => id)).toEqual([behind]);
  });

  test('a full queue refuses who waits at the other end, and takes the same message when it was left', async () => {
    const queue = queueId('small');
    const first = await submit({ queue });
    const given = submission({ queue });
    expect(await codeOf(tested().store.call.submit({ item: given }))).toBe('queue-full');
    await tested().store.call.submit({ item: { ...given, offline: true } });
    expect(await item(given.id)).toMatchObject({ queue, offline: true });
    await tested().store.call.abandon({ item: first });
    await submit({ queue });
  });
}
