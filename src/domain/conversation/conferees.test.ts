import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, SegmentId, WorkItemId } from '../ids.ts';
import type { DirectorEvent, ParticipantRole } from '../work-item/event.ts';
import { confereesAfter } from './conferees.ts';

const [one, two] = ['agent-1', 'agent-2'].map((id) => AgentId.parse(id)) as [AgentId, AgentId];
const item = WorkItemId.parse(newId());
const segment = SegmentId.parse(newId());
const joined = (role: ParticipantRole): DirectorEvent => ({
  type: 'participant-joined',
  item,
  agent: two,
  role,
  segment,
});
const changed = (role: ParticipantRole): DirectorEvent => ({
  type: 'participant-role-changed',
  item,
  agent: two,
  role,
});

test.each<[string, AgentId[], DirectorEvent, AgentId[]]>([
  ['joins as conferee', [one], joined('conferee'), [one, two]],
  ['is consulted', [one], joined('consulted'), [one]],
  ['watches', [one], joined('monitor'), [one]],
  ['coaches', [one], joined('coach'), [one]],
  ['is let speak', [one], changed('conferee'), [one, two]],
  ['is heard no more', [one, two], changed('coach'), [one]],
  [
    'leaves',
    [one, two],
    { type: 'participant-left', item, agent: two, segment, ending: 'left' },
    [one],
  ],
  [
    'owns it now',
    [one, two],
    { type: 'owner-changed', item, from: AgentId.parse('agent-3'), agent: two, segment },
    [one],
  ],
])('confereesAfter() a colleague who %s', (_, before, event, after) => {
  expect(confereesAfter(before, event)).toEqual(after);
});
