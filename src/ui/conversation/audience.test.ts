import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, SegmentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { ParticipantRole } from '#domain/work-item/event.ts';
import { audienceOf } from './audience.ts';

const [one, two] = ['agent-1', 'agent-2'].map((id) => AgentId.parse(id));
const item = (role?: ParticipantRole): OpenWorkItem =>
  ({
    state: 'accepted',
    agent: one,
    segment: newId(),
    participants: role && [{ agent: two, role, since: 0, segment: SegmentId.parse(newId()) }],
  }) as unknown as OpenWorkItem;

test.each<[ParticipantRole, boolean, boolean]>([
  ['consulted', false, true],
  ['conferee', true, true],
  ['coach', false, true],
  ['monitor', false, false],
])(
  'audienceOf() a participant who is %s: customer %j, colleagues %j',
  (role, customer, colleagues) => {
    expect(audienceOf(item(role), two)).toEqual({ customer, colleagues });
  },
);

test('audienceOf() the owner is the customer, and colleagues once there are any', () => {
  expect(audienceOf(item(), one)).toEqual({ customer: true, colleagues: false });
  expect(audienceOf(item('monitor'), one)).toEqual({ customer: true, colleagues: true });
  expect(audienceOf(item(), two)).toEqual({ customer: false, colleagues: false });
});
