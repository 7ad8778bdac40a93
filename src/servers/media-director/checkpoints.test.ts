import { expect, test } from 'vitest';
import { ManualClock, minutes } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Checkpoint } from './tables.ts';
import { RuleCentre } from './testing/centre.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function begin() {
  const centre = new RuleCentre({ queue: { sales: {} } });
  const clock = new ManualClock();
  const written: Checkpoint[] = [];
  const faults = { next: undefined as Error | undefined };
  const checkpoints = new Checkpoints(
    {
      clock,
      state: centre.state,
      eventsBetween: 1_000,
      failed: () => undefined,
      async write(checkpoint) {
        written.push(checkpoint);
        const { next } = faults;
        faults.next = undefined;
        if (next) throw next;
      },
    },
    centre.state.position,
  );
  checkpoints.begin({ settled: async () => undefined, forgot: () => undefined });
  let noted = 0;
  const note = (): void => {
    const events = centre.journal.slice(noted).map(({ body }) => body);
    noted = centre.journal.length;
    const items = new Set(events.flatMap((event) => ('item' in event ? [event.item] : [])));
    checkpoints.note(events, { items, agents: new Set() });
  };
  const take = async (): Promise<[WorkItemId, boolean][]> => {
    note();
    clock.advance(minutes(1));
    await turn();
    return [...(written.at(-1)?.items ?? [])].map(([id, item]) => [id, item !== undefined]);
  };
  return { centre, checkpoints, faults, take };
}

test('Checkpoints tell of work that came, and of work that went if a table may know it', async () => {
  const { centre, checkpoints, take } = begin();
  await using _ = checkpoints;
  const [stays, goes, passes] = [centre.submit(), centre.submit(), centre.submit()];
  centre.run('abandon', { item: passes });
  expect(await take()).toEqual([
    [stays, true],
    [goes, true],
  ]);
  centre.run('abandon', { item: goes });
  expect(await take()).toEqual([[goes, false]]);
});

test('Checkpoints that failed may have been written: what they told of is told again when it has gone', async () => {
  const { centre, checkpoints, faults, take } = begin();
  await using _ = checkpoints;
  const item = centre.submit();
  faults.next = new Error('The answer was lost');
  expect(await take()).toEqual([[item, true]]);
  centre.run('abandon', { item });
  await take();
  expect(await take()).toEqual([[item, false]]);
});
