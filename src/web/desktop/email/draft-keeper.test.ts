import { expect, test } from 'vitest';
import type { Draft, DraftBody } from '#domain/email/email.ts';
import { DraftKeeper, retryAfter } from './draft-keeper.ts';

const draft = (content: string, revision: number): Draft =>
  ({ subject: '', to: [], content, revision }) as unknown as Draft;

class Older extends Error {
  readonly draft: Draft;
  constructor(newer: Draft) {
    super('older');
    this.draft = newer;
  }
}

/** A server that can be cut off, and what was to run later. */
function startKeeper() {
  const now = { draft: draft('', 1), isDown: false, losesAnswers: false };
  const later: { deed: () => void; after: number }[] = [];
  const keeper = new DraftKeeper(now.draft, {
    async save(body: DraftBody, revision: number) {
      if (now.isDown) throw new Error('unreachable');
      if (revision !== now.draft.revision) throw new Older(now.draft);
      now.draft = { ...now.draft, ...body, revision: revision + 1 };
      if (now.losesAnswers) throw new Error('unreachable');
      return now.draft;
    },
    newerOf: (failure) => (failure instanceof Older ? failure.draft : undefined),
    schedule(deed, after) {
      const entry = { deed, after };
      later.push(entry);
      return () => void (later.includes(entry) && later.splice(later.indexOf(entry), 1));
    },
    onChange: () => undefined,
  });
  /** The time comes of what was to run. */
  const runNext = async (): Promise<void> => {
    later.shift()?.deed();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { now, later, keeper, runNext };
}

test('what is typed is kept after a pause', async () => {
  const { now, later, keeper, runNext } = startKeeper();
  keeper.change({ content: 'a' });
  keeper.change({ content: 'ab' });
  expect([keeper.state, later.length]).toEqual(['unsaved', 1]);
  await runNext();
  expect([keeper.state, now.draft.content, later.length]).toEqual(['saved', 'ab', 0]);
});

test('what could not be kept is tried again and again, ever more slowly', async () => {
  const { now, later, keeper, runNext } = startKeeper();
  now.isDown = true;
  keeper.change({ content: 'a' });
  const waits: number[] = [];
  for (let n = 0; n < 7; n++) {
    await runNext();
    expect(keeper.state).toBe('lost');
    waits.push(later[0]?.after ?? 0);
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  keeper.change({ content: 'ab' }); // another key does not shorten the wait
  expect(later).toHaveLength(1);
  now.isDown = false;
  await runNext();
  expect([keeper.state, now.draft.content]).toEqual(['saved', 'ab']);
  expect(retryAfter(1_000)).toBe(60_000);
});

test('a connection that is back is used at once', async () => {
  const { now, later, keeper, runNext } = startKeeper();
  now.isDown = true;
  keeper.change({ content: 'a' });
  await runNext();
  now.isDown = false;
  keeper.online();
  await new Promise((resolve) => setImmediate(resolve));
  expect([keeper.state, now.draft.content, later.length]).toEqual(['saved', 'a', 0]);
});

test('an answer that was lost is not taken for another window', async () => {
  const { now, keeper, runNext } = startKeeper();
  now.losesAnswers = true;
  keeper.change({ content: 'a' });
  await runNext();
  now.losesAnswers = false;
  keeper.change({ content: 'ab' });
  await runNext();
  expect([keeper.state, now.draft.content]).toEqual(['saved', 'ab']);
});

test.each([
  ['takeTheirs', 'theirs'],
  ['keepMine', 'mine'],
] as const)('what another window kept is not overwritten before %s()', async (choice, content) => {
  const { now, keeper, runNext } = startKeeper();
  now.draft = draft('theirs', 2);
  keeper.change({ content: 'mine' });
  await runNext();
  keeper.change({ content: 'mine' });
  await expect(keeper.save()).rejects.toThrow('older');
  expect([keeper.state, keeper.newer?.content]).toEqual(['older', 'theirs']);
  expect(now.draft.content).toBe('theirs');
  keeper[choice]();
  await new Promise((resolve) => setImmediate(resolve));
  expect([keeper.state, keeper.newer, keeper.body.content]).toEqual(['saved', undefined, content]);
  expect(now.draft.content).toBe(content);
});
