import { expect, test } from 'vitest';
import { seconds } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { Reason } from '#domain/work-item/explanation.ts';
import {
  agentId,
  codeId,
  newItemId,
  queueId,
  RuleCentre,
  type Documents,
} from '../../testing/centre.ts';
import { explainDecision } from './explain-decision.ts';

const ONE = agentId('agent-1');
const LUNCH = codeId('lunch');
const french = { type: 'skill', skill: 'french', level: 5 };

const CENTRE = {
  organisation: { main: {} },
  skill: { french: {} },
  agent: {
    'agent-1': { capacity: { 'web-chat': 2, task: 1 }, skills: { french: 3 } },
    'agent-2': { capacity: { 'web-chat': 2 }, skills: { french: 8 } },
  },
  queue: { sales: {}, support: { serves: { type: 'listed', agents: ['agent-2'] } } },
  code: { lunch: { use: 'not-ready' } },
};

/** Puts what differs into a copy of the centre. */
const centreWith = (more: Documents): Documents => ({ ...CENTRE, ...more });

interface Case {
  readonly centre?: Documents;
  /** What happens before; tells of the item that is asked about, where it came in by then. */
  readonly before?: (centre: RuleCentre) => WorkItemId | undefined;
  readonly item?: Parameters<RuleCentre['submit']>[0];
  readonly reason: Reason;
}

const NOW = 1_000_000;

/** Busy with one contact, which rings unless it was accepted. */
function give(centre: RuleCentre, isAccepted: boolean): undefined {
  const id = centre.submit();
  if (isAccepted) centre.accept(id);
}

const CASES: Readonly<Record<string, Case>> = {
  'who does not serve the queue': {
    item: { queue: queueId('support') },
    reason: { type: 'not-of-this-queue', queue: queueId('support') },
  },
  'who lacks a skill': {
    centre: centreWith({
      queue: { sales: { requirements: [{ after: 0, requirement: { must: french } }] } },
    }),
    reason: { type: 'lacks', part: 'french>=5', step: 0 },
  },
  'whose browser is gone': {
    before: (centre) => void centre.run('agentVanished', { agent: ONE }),
    reason: { type: 'away', since: NOW + 1 },
  },
  'who is not ready': {
    before: (centre) => notReady(centre),
    reason: { type: 'not-ready', reason: LUNCH },
  },
  'who will not be ready': {
    before(centre) {
      give(centre, true);
      return notReady(centre);
    },
    reason: { type: 'not-ready-soon', reason: LUNCH },
  },
  'who is not ready for the channel': {
    before: (centre) =>
      void centre.run('setReadiness', {
        agent: ONE,
        readiness: { state: 'ready', except: { 'web-chat': LUNCH } },
      }),
    reason: { type: 'not-ready-for-channel', channel: 'web-chat', reason: LUNCH },
  },
  'who has not the channel': {
    item: { channel: 'email' },
    reason: { type: 'not-theirs', channel: 'email' },
  },
  'who has their own most': {
    centre: centreWith({ agent: { 'agent-1': { capacity: { 'web-chat': 1 } } } }),
    before: (centre) => give(centre, true),
    reason: { type: 'full', limit: 'agent', most: 1 },
  },
  "who has the centre's most": {
    centre: centreWith({
      organisation: { main: { routing: { mostPerAgent: { 'web-chat': 1 } } } },
    }),
    before: (centre) => give(centre, true),
    reason: { type: 'full', limit: 'centre', most: 1 },
  },
  "who has the queue's most": {
    centre: centreWith({ queue: { sales: { mostPerAgent: 1 } } }),
    before: (centre) => give(centre, true),
    reason: { type: 'full', limit: 'queue', most: 1 },
  },
  'whose budget is used up': {
    centre: centreWith({ agent: { 'agent-1': { capacity: { 'web-chat': 3 }, budget: 30 } } }),
    before: (centre) => give(centre, true),
    reason: { type: 'over-budget', budget: 30 },
  },
  'who declined it a moment ago': {
    before(centre) {
      const id = centre.submit();
      centre.decline(id);
      return id;
    },
    reason: { type: 'rests', until: NOW + 2 + seconds(5) },
  },
  'whom a brake protects': {
    centre: centreWith({ queue: { sales: { offersPerMinute: 6 } } }),
    before: (centre) => give(centre, true),
    reason: { type: 'braked', queue: queueId('sales'), until: NOW + 1 + seconds(10) },
  },
};

const notReady = (centre: RuleCentre): undefined =>
  void centre.run('setReadiness', { agent: ONE, readiness: { state: 'not-ready', reason: LUNCH } });

test.each(Object.entries(CASES))('explainDecision() tells %s', (_, { reason, ...given }) => {
  const centre = new RuleCentre(given.centre ?? CENTRE, NOW);
  centre.ready('agent-1');
  const id = given.before?.(centre) ?? centre.submit(given.item);
  const explained = explainDecision(centre.state, id, centre.now);
  expect({ chosen: explained?.agent, reason: explained?.reasonOf(ONE) }).toEqual({
    chosen: undefined,
    reason,
  });
});

test('explainDecision() names the item that rings, and whom an item waits for', () => {
  const centre = new RuleCentre(CENTRE);
  centre.ready('agent-1');
  const rings = centre.submit();
  const waits = centre.submit();
  expect(explainDecision(centre.state, waits, centre.now)?.reasonOf(ONE)).toEqual({
    type: 'rings',
    item: rings,
  });
  centre.accept(rings);
  centre.ready('agent-2');
  const to = newItemId();
  const agent = centre.agentOf(waits);
  if (!agent) throw new Error('Nobody has it');
  centre.accept(waits);
  centre.run('logIn', { agent: agentId('agent-2'), station: 'another', takeOver: true });
  centre.run('transfer', { item: waits, agent, target: { agent: agentId('agent-2') }, to });
  expect(explainDecision(centre.state, to, centre.now)?.reasonOf(ONE)).toEqual({
    type: 'not-the-only',
    agent: 'agent-2',
  });
});
