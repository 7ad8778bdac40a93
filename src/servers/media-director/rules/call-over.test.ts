import { expect, test } from 'vitest';
import { RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

const centreWith = (wrapUp = { longest: 0, codeRequired: false }): RuleCentre => {
  const centre = new RuleCentre({
    agent: { 'agent-1': { capacity: { voice: 1 } } },
    queue: { sales: { wrapUp } },
  });
  centre.ready('agent-1');
  return centre;
};

test('S05: a caller who leaves while it rings ends the offer as abandoned', () => {
  const centre = centreWith();
  const item = centre.submit({ channel: 'voice' });
  centre.run('callOver', { item });
  centre.run('callOver', { item });
  expect(centre.types().slice(-2)).toEqual(['offer-ended', 'work-item-closed']);
  expect(centre.journal.at(-1)?.body).toMatchObject({ ending: 'abandoned' });
});

test('S10: nothing but the call ends an accepted call, and its end ends everything about it', () => {
  const centre = centreWith({ longest: 30_000, codeRequired: true });
  const item = centre.submit({ channel: 'voice' });
  centre.accept(item);
  const due = dueOfItem(centre.state, centre.item(item), centre.now);
  expect(due.map(({ command }) => command.name)).toEqual([]);
  centre.run('callOver', { item });
  expect(centre.types().slice(-3)).toEqual([
    'segment-ended',
    'work-item-closed',
    'wrap-up-started',
  ]);
  expect(centre.state.item(item)).toBeUndefined();
});
