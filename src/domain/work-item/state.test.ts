import { describe, expect, test } from 'vitest';
import {
  isFinal,
  nextState,
  TRANSITIONS,
  WORK_ITEM_MOVES,
  WORK_ITEM_STATES,
  type MoveActor,
} from './state.ts';

const ACTORS: readonly MoveActor[] = ['director', 'owner', 'offered-agent', 'supervisor', 'store'];
const OPEN = WORK_ITEM_STATES.filter((state) => !isFinal(state));

describe('nextState()', () => {
  test('allows exactly what the table says, for every state, move and actor', () => {
    for (const from of WORK_ITEM_STATES) {
      for (const move of WORK_ITEM_MOVES) {
        for (const by of ACTORS) {
          const transition = TRANSITIONS[from][move];
          const expected = !transition
            ? { type: 'wrong-state' }
            : transition.by.includes(by)
              ? { type: 'moved', to: transition.to }
              : { type: 'not-allowed' };
          expect(nextState(from, move, by), `${from} ${move} ${by}`).toEqual(expected);
        }
      }
    }
  });

  test.each(OPEN)('S01: a supervisor can end what is %s', (from) => {
    expect(nextState(from, 'force-close', 'supervisor')).toEqual({ type: 'moved', to: 'closed' });
  });

  test.each(OPEN)(
    'what is %s can be transferred or woken by a supervisor: nothing is stuck',
    (from) => {
      const ways = (['transfer', 'wake'] as const).map((move) =>
        nextState(from, move, 'supervisor'),
      );
      expect(ways.some((way) => way.type === 'moved')).toBe(true);
    },
  );

  test.each(WORK_ITEM_STATES.filter(isFinal))('nothing leaves %s', (from) => {
    expect(TRANSITIONS[from]).toEqual({});
  });

  test('R11: only the agent it was offered to accepts, and only what is offered', () => {
    const ways = WORK_ITEM_STATES.flatMap((from) =>
      ACTORS.filter((by) => nextState(from, 'accept', by).type === 'moved').map((by) => [from, by]),
    );
    expect(ways).toEqual([['offered', 'offered-agent']]);
  });

  test('every way back leads to the queue, and every state can be reached', () => {
    const reached = new Set(
      OPEN.flatMap((from) => Object.values(TRANSITIONS[from]).map(({ to }) => to)),
    );
    expect([...reached].toSorted()).toEqual([...WORK_ITEM_STATES].toSorted());
    for (const move of [
      'decline',
      'no-answer',
      'device-error',
      'withdraw-offer',
      'requeue',
      'wake',
    ] as const) {
      const leadsTo = OPEN.flatMap((from) => TRANSITIONS[from][move]?.to ?? []);
      expect([move, ...new Set(leadsTo)]).toEqual([move, 'queued']);
    }
  });
});
