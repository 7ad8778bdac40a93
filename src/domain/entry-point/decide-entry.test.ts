import { expect, test } from 'vitest';
import { EntryPoint, Schedule } from '../configuration/documents.ts';
import { decideEntry } from './decide-entry.ts';

const entryPoint = EntryPoint.parse({
  name: 'Shop chat',
  channel: 'web-chat',
  queue: 'sales',
  priority: 2,
  serviceObjective: 90_000,
  schedule: 'office',
  treatment: { greeting: 'Hello', closed: 'We are closed' },
});
const schedule = Schedule.parse({
  name: 'Office',
  timeZone: 'UTC',
  week: [[{ from: '09:00', to: '17:00' }], [], [], [], [], [], []],
});
const monday = (time: string) => Date.parse(`2026-06-01T${time}Z`);

test('decideEntry() lets in while the schedule is open', () => {
  expect(decideEntry({ entryPoint, schedule, at: monday('10:00') })).toEqual({
    open: true,
    queue: 'sales',
    priority: 2,
    serviceObjective: 90_000,
    greeting: 'Hello',
    closed: 'We are closed',
    consent: '',
  });
});

test('decideEntry() says when it opens again', () => {
  expect(decideEntry({ entryPoint, schedule, at: monday('17:00') })).toMatchObject({
    open: false,
    opensAt: Date.parse('2026-06-08T09:00Z'),
  });
});

test('decideEntry() is open without a schedule, and leaves the priority to the queue', () => {
  const { priority: _, ...plain } = entryPoint;
  const decision = decideEntry({ entryPoint: plain, schedule: undefined, at: 0 });
  expect(decision.open).toBe(true);
  expect(decision).not.toHaveProperty('priority');
});
