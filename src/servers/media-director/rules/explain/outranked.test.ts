import { expect, test } from 'vitest';
import type { Advantage } from '#domain/work-item/explanation.ts';
import type { Submission } from '../../contract.ts';
import { agentId, RuleCentre, submission } from '../../testing/centre.ts';
import { explainDecision } from './explain-decision.ts';

const french = { type: 'skill', skill: 'french', level: 1 };

interface Case {
  readonly queue?: object;
  readonly agent?: Readonly<Record<string, object>>;
  readonly item?: Partial<Submission>;
  /** The chosen one, the other, and what put the one before the other, with the values of both. */
  readonly chosen: string;
  readonly other: string;
  readonly by: Advantage;
  readonly values?: readonly [theirs: number, chosens: number];
}

/** Agent 1 has been idle for longer; agent 2 is better in French and has more room. */
const AGENTS = {
  'agent-1': { capacity: { 'web-chat': 2 }, skills: { french: 3 } },
  'agent-2': { capacity: { 'web-chat': 4 }, skills: { french: 8 } },
};
const START = 1_000_000;

const CASES: Readonly<Record<string, Case>> = {
  'the longest idle': {
    chosen: 'agent-1',
    other: 'agent-2',
    by: 'longest-idle',
    values: [START + 1, START],
  },
  'the most skilled': {
    queue: { agentOrder: 'most-skilled', serves: { type: 'skilled', skills: { french: 1 } } },
    chosen: 'agent-2',
    other: 'agent-1',
    by: 'most-skilled',
    values: [3, 8],
  },
  'who has most room': {
    queue: { agentOrder: 'most-spare-capacity' },
    chosen: 'agent-2',
    other: 'agent-1',
    by: 'most-spare-capacity',
    values: [2, 4],
  },
  'the preferred agent': {
    item: { preferredAgent: agentId('agent-2') },
    chosen: 'agent-2',
    other: 'agent-1',
    by: 'preferred-agent',
  },
  'whose account it is': {
    item: { accountOwner: agentId('agent-2') },
    chosen: 'agent-2',
    other: 'agent-1',
    by: 'account-owner',
  },
  'who has what is preferred': {
    queue: { requirements: [{ after: 0, requirement: { preferred: { ...french, level: 5 } } }] },
    chosen: 'agent-2',
    other: 'agent-1',
    by: 'preferred-skills',
  },
};

test.each(Object.entries(CASES))(
  'explainDecision() says that %s came first',
  (_, { queue = {}, agent = AGENTS, item = {}, chosen, other, by, values }) => {
    const centre = new RuleCentre({ agent, skill: { french: {} }, queue: { sales: queue } }, START);
    centre.ready('agent-1', 'agent-2');
    centre.run('submit', { item: submission({ enteredAt: centre.now, ...item }) }, false);
    const [id] = centre.state.centre.items.keys();
    if (!id) throw new Error('Nothing waits');
    const explained = explainDecision(centre.state, id, centre.now);
    expect([explained?.agent, explained?.reasonOf(agentId(other))]).toEqual([
      chosen,
      { type: 'outranked', by, ...(values && { theirs: values[0], chosens: values[1] }) },
    ]);
  },
);

test('explainDecision() says that others come before who did not keep it', () => {
  const centre = new RuleCentre({ agent: AGENTS, queue: { sales: {} } }, START);
  centre.ready('agent-1');
  const id = centre.submit();
  centre.decline(id);
  centre.after(60_000);
  centre.run('logIn', { agent: agentId('agent-2'), station: 's' });
  centre.run('setReadiness', { agent: agentId('agent-2'), readiness: { state: 'ready' } }, false);
  const explained = explainDecision(centre.state, id, centre.now);
  expect([explained?.agent, explained?.reasonOf(agentId('agent-1'))]).toEqual([
    'agent-2',
    { type: 'outranked', by: 'refused-before' },
  ]);
});
