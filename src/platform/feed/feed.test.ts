import { expect, test } from 'vitest';
import { Feed } from './feed.ts';

function table(...numbers: number[]) {
  const rows = [...numbers];
  const feed = new Feed<string>(
    async (since, limit) =>
      rows
        .filter((number) => number > since)
        .slice(0, limit)
        .map((number) => ({ number, change: `change ${number}` })),
    rows.at(-1) ?? 0,
  );
  return { rows, feed };
}

async function take(feed: Feed<string>, since: number, count: number): Promise<number[]> {
  const end = new AbortController();
  const seen: number[] = [];
  for await (const { number } of feed.follow(since, end.signal)) {
    seen.push(number);
    if (seen.length === count) end.abort();
  }
  return seen;
}

test('Feed.follow() hands out what stands, then what comes, each once', async () => {
  const { rows, feed } = table(1, 2, 3);
  const taken = take(feed, 1, 4);
  rows.push(4);
  feed.announce(4);
  rows.push(5);
  feed.announce(5);
  expect(await taken).toEqual([2, 3, 4, 5]);
});

test('Feed.follow() goes through many pages', async () => {
  const { feed } = table(...Array.from({ length: 1_000 }, (_, at) => at + 1));
  expect((await take(feed, 0, 1_000)).at(-1)).toBe(1_000);
});

test('Feed.follow() ends with its signal while it waits', async () => {
  const { feed } = table();
  const end = new AbortController();
  const next = feed.follow(0, end.signal).next();
  end.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('Feed.announce() never goes back', () => {
  const { feed } = table(7);
  feed.announce(5);
  expect(feed.newest).toBe(7);
});
