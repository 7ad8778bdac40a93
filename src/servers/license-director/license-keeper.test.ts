import { expect, test } from 'vitest';
import { ManualClock, days } from '#base/time.ts';
import { AgentId, type Channel } from '#domain/ids.ts';
import { CHECK_IN_EVERY, type SeatHolder } from './contract.ts';
import { LicenseKeeper } from './license-keeper.ts';

const START = Date.UTC(2026, 5, 1);
const GRACE = days(14);

const agent = (number: number, media: Channel[] = ['web-chat']): SeatHolder => ({
  type: 'agent',
  agent: AgentId.parse(`agent-${number}`),
  media,
  station: 'desk',
});

function open(limits: Record<string, number>, grace = GRACE) {
  const clock = new ManualClock(START);
  const keeper = new LicenseKeeper(clock, grace, { graces: new Map(), peaks: new Map() });
  keeper.file = { type: 'license', license: { issuedTo: 'Company 1', limits } };
  clock.advance(CHECK_IN_EVERY); // the register counts as complete
  return { clock, keeper };
}

test('I05: over the limit, logins come in with a warning until the grace is over, then new ones do not', () => {
  const { clock, keeper } = open({ agents: 2 });
  expect(keeper.take(agent(1), 'media-director')).not.toHaveProperty('warning');
  keeper.take(agent(2), 'media-director');
  expect(keeper.take(agent(3), 'media-director')).toMatchObject({
    type: 'seat',
    warning: expect.stringContaining('2026-06-15'),
  });
  clock.jump(START + GRACE + CHECK_IN_EVERY + 1);
  expect(keeper.take(agent(4), 'media-director')).toEqual({
    type: 'no-seat',
    name: 'agents',
    limit: 2,
    used: 3,
  });
  expect(keeper.take(agent(3), 'media-director')).toMatchObject({ type: 'seat' });
  keeper.hold(agent(5), 'media-director');
  expect(keeper.seats.used('agents')).toBe(4);
});

test('I05: components always start', () => {
  const { keeper } = open({ 'components.media-director': 0 }, 0);
  const holder = { type: 'component', component: 'media-director', instance: 'one' } as const;
  expect(keeper.take(holder, 'media-director')).toMatchObject({ type: 'seat' });
});

test('nobody is refused right behind a restart, when the register cannot be complete', () => {
  const clock = new ManualClock(START);
  const remembered = { graces: new Map(), peaks: new Map() };
  const keeper = new LicenseKeeper(clock, 0, remembered);
  keeper.file = { type: 'license', license: { issuedTo: 'Company 1', limits: { agents: 0 } } };
  expect(keeper.take(agent(1), 'media-director').type).toBe('seat');
  clock.advance(CHECK_IN_EVERY);
  expect(keeper.take(agent(2), 'media-director').type).toBe('no-seat');
});

test('each medium has its own limit', () => {
  const { keeper } = open({ 'agents.email': 1 }, 0);
  expect(keeper.take(agent(1, ['email', 'web-chat']), 'x').type).toBe('seat');
  expect(keeper.take(agent(2, ['web-chat']), 'x').type).toBe('seat');
  expect(keeper.take(agent(3, ['email']), 'x')).toMatchObject({ name: 'agents.email' });
  keeper.seats.release({ agent: 'agent-1' });
  expect(keeper.take(agent(3, ['email']), 'x').type).toBe('seat');
});

test('a seat lapses after three missed check-ins, by the clock that cannot jump', () => {
  const { clock, keeper } = open({});
  keeper.take(agent(1), 'x');
  keeper.take(agent(2), 'x');
  clock.jump(START + days(1_000));
  clock.advance(2 * CHECK_IN_EVERY);
  keeper.hold(agent(1), 'x');
  clock.advance(CHECK_IN_EVERY + 1);
  expect(keeper.sweep().map(({ holder }) => holder)).toEqual([agent(2)]);
  expect(keeper.seats.used('agents.web-chat')).toBe(1);
});

test('limits() tells peaks, and of names that nobody limits that they are free', () => {
  const { keeper } = open({ agents: 10 });
  keeper.take(agent(1), 'x');
  keeper.take(agent(2), 'x');
  keeper.seats.release({ agent: 'agent-2' });
  expect(keeper.limits()).toEqual([
    { name: 'agents', used: 1, limit: 10, state: 'good', peak: 2 },
    { name: 'agents.web-chat', used: 1, state: 'free', peak: 2 },
  ]);
  expect(keeper.warnings()).toEqual([]);
});
