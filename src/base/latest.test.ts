import { expect, test } from 'vitest';
import { Latest } from './latest.ts';

test('Latest gives a slow reader the newest value and nothing in between', async () => {
  const latest = new Latest(1);
  const reader = latest.follow(new AbortController().signal);
  expect((await reader.next()).value).toBe(1);
  latest.set(2);
  latest.set(3);
  expect((await reader.next()).value).toBe(3);
});

test('Latest ends a reader with its signal, also while it waits', async () => {
  const controller = new AbortController();
  const reader = new Latest('only').follow(controller.signal);
  await reader.next();
  const next = reader.next();
  controller.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
