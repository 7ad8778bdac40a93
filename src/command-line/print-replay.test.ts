import { expect, test } from 'vitest';
import { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import { noCounts, type Counts } from '#domain/metrics/counts.ts';
import { figuresOf } from '#domain/metrics/metric.ts';
import type { Offer } from '#servers/media-director/replay/decide-again.ts';
import { printProof, printWhatIf, type ProofOutput } from './print-replay.ts';
import type { StretchFigures } from './stretch-figures.ts';

const AT = new Date(2026, 0, 31, 8).getTime();
const SALES = QueueId.parse('sales');

function figures(more: Partial<Counts>): StretchFigures {
  const total = figuresOf({ ...noCounts(), ...more }, 'queue');
  return { total, queues: new Map([[SALES, total]]) };
}

const WAS = figures({
  entered: 120,
  answered: 100,
  abandoned: 20,
  serviceLevelMet: 65,
  serviceLevelMissed: 55,
  answerWait: 9_000_000,
  longestWait: 4_000_000,
});
const TRIED = figures({
  entered: 120,
  answered: 119,
  abandoned: 1,
  serviceLevelMet: 118,
  serviceLevelMissed: 2,
  answerWait: 600_000,
  longestWait: 61_000,
});
const PROOF: ProofOutput = {
  type: 'proof',
  from: AT,
  to: AT + 3_600_000,
  events: 1_000,
  decisions: 130,
  same: 130,
  byHand: 0,
  differences: [],
  ...WAS,
};

/** Ids are what they are called, but spelt for people. */
const NAMES = {
  nameOf: (_: string, id: string) =>
    id.replace(/^./, (first) => first.toUpperCase()).replace('-', ' '),
};

const offer = (agent: string): Offer => ({
  type: 'work-item-offered',
  item: WorkItemId.parse('01990000-0000-7000-8000-000000000001'),
  agent: AgentId.parse(agent),
  queue: SALES,
  offer: 7,
  deadline: AT,
  choice: { by: 'director', rule: 'longest-idle', candidates: 2, configuration: 1 },
});

test('printProof() says how many came out the same, with the figures of the stretch', () => {
  expect(printProof(PROOF, NAMES)).toBe(`2026-01-31 08:00:00 to 2026-01-31 09:00:00, 1000 events.
All of 130 offers came out the same.

                           as it was
All queues
  Offered                        120
  Answered                       100
  Abandoned                       20
  Service level               54.2 %
  Average speed of answer       1:30
  Oldest waiting             1:06:40
  Average handle time              -

Sales
  Offered                        120
  Answered                       100
  Abandoned                       20
  Service level               54.2 %
  Average speed of answer       1:30
  Oldest waiting             1:06:40
  Average handle time              -`);
});

test('printProof() shows the first offer that differs, and what was made by hand', () => {
  const journaled = offer('agent-1');
  const differences = [{ position: 70, journaled, again: offer('agent-2') }];
  const text = printProof({ ...PROOF, same: 129, byHand: 3, differences }, NAMES);
  expect(text.split('\n').slice(1, 5)).toEqual([
    '129 of 130 offers came out the same.',
    '3 more were made by hand: there is nothing to decide again.',
    `The first that differs, at position 70: ${journaled.item} to Agent 1 (longest-idle, of 2);`,
    `  again ${journaled.item} to Agent 2 (longest-idle, of 2).`,
  ]);
});

test('printWhatIf() puts the courses side by side, and says what was changed and assumed', () => {
  const text = printWhatIf(
    {
      type: 'what-if',
      from: AT,
      to: AT + 3_600_000,
      events: 1_000,
      retired: [{ kind: 'queue', id: 'old' }],
      newAgents: [AgentId.parse('agent-8'), AgentId.parse('agent-9')],
      turnedAway: { again: 0, 'with-change': 1 },
      figures: new Map([
        ['as-it-was', WAS],
        ['again', WAS],
        ['with-change', TRIED],
      ]),
      kept: ['schedule', 'code'],
      isHandlingKnown: false,
    },
    NAMES,
  );
  expect(text.split('\n').slice(1, 15).join('\n'))
    .toBe(`Agent 8, Agent 9 are new, logged in and ready all the while; without queue Old.
As it was, for the change does not name it: schedule, code.
1 contact found their queue full or closed (with change).
How long contacts take cannot be told: nobody was answered. The last two columns assume 4 minutes.

                           as it was    model  with change
All queues
  Offered                        120      120          120
  Answered                       100      100          119
  Abandoned                       20       20            1
  Service level               54.2 %   54.2 %       98.3 %
  Average speed of answer       1:30     1:30         0:05
  Oldest waiting             1:06:40  1:06:40         1:01
  Average handle time              -        -            -`);
});
