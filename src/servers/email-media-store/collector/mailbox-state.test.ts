import { expect, test } from 'vitest';
import { ManualClock, minutes, seconds } from '#base/time.ts';
import { MailboxId } from '#domain/ids.ts';
import { MailboxState } from './mailbox-state.ts';

const start = Date.UTC(2026, 0, 1);

function open(clock: ManualClock): { state: MailboxState; reported: string[] } {
  const reported: string[] = [];
  const state = new MailboxState({
    mailbox: MailboxId.parse('support'),
    clock,
    health: { report: (part, how, detail = '') => void reported.push(`${part}: ${how} ${detail}`) },
    alarmAfter: minutes(15),
  });
  return { state, reported };
}

test('E01: a mailbox that cannot be looked at raises an alarm by itself, which the next good look ends', () => {
  const clock = new ManualClock(start);
  const { state, reported } = open(clock);
  expect(state.status).toMatchObject({ state: 'waiting', alarm: false });
  state.looked(3);
  expect(state.status).toMatchObject({ state: 'good', lookedAt: start, backlog: 3, alarm: false });
  clock.advance(minutes(14));
  state.failed(false, 'Nobody answers', clock.now() + seconds(60));
  expect(state.status).toMatchObject({
    state: 'failing',
    problem: 'Nobody answers',
    next: start + minutes(15),
    alarm: false,
  });
  clock.advance(minutes(1));
  expect(state.status.alarm).toBe(true);
  state.looked(0);
  expect(state.status).toMatchObject({ state: 'good', problem: undefined, alarm: false });
  expect(reported).toEqual([
    'mailbox support: good ',
    'mailbox support: degraded Nobody answers',
    'mailbox support: bad It could not be looked at since 2026-01-01T00:00:00.000Z: Nobody answers',
    'mailbox support: good ',
  ]);
});

test('E02: a mailbox whose server hangs raises the alarm though nothing has failed', () => {
  const clock = new ManualClock(start);
  const { state, reported } = open(clock);
  clock.advance(minutes(15));
  expect(state.status).toMatchObject({ state: 'waiting', alarm: true });
  expect(reported).toEqual([
    'mailbox support: bad It could not be looked at: its server does not answer',
  ]);
  state[Symbol.dispose]();
  clock.advance(minutes(60));
  expect(reported.at(-1)).toBe('mailbox support: good ');
});
