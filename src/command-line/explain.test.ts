import { expect, test } from 'vitest';
import { AgentId, CodeId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { Explanation } from '#domain/work-item/explanation.ts';
import { offerOf, printExplanation } from './explain.ts';

const ITEM = WorkItemId.parse('01990000-0000-7000-8000-000000000001');
const NEXT = WorkItemId.parse('01990000-0000-7000-8000-000000000002');
const agent = (n: number): AgentId => AgentId.parse(`agent-${n}`);
const queue = QueueId.parse('french');
const AT = new Date(2026, 0, 31, 12).getTime();
const names = {
  agent: (id: AgentId) => id.replace('agent-', 'Agent '),
  queue: () => 'French',
  code: (id: CodeId) => id,
  time: (at: number) => `${(at - AT) / 1_000} s`,
};
const lunch = { type: 'not-ready', reason: CodeId.parse('lunch') } as const;

const EXPLANATION: Explanation = {
  item: ITEM,
  entry: { at: AT, channel: 'web-chat', queue, enteredAt: AT },
  decisions: [
    {
      at: AT + 1_000,
      queue,
      work: {
        tier: 5,
        priority: 3,
        enteredAt: AT,
        step: 1,
        asks: 'french>=5',
        next: { item: NEXT, by: 'age' },
      },
      offer: {
        number: 7,
        position: 70,
        agent: agent(1),
        choice: { by: 'director', rule: 'longest-idle', candidates: 2, configuration: 1 },
        isReproduced: true,
        ended: { at: AT + 4_000, ending: 'no-answer' },
      },
      groups: [
        {
          type: 'outranked',
          count: 1,
          agents: [
            {
              agent: agent(2),
              reason: {
                type: 'outranked',
                by: 'longest-idle',
                theirs: AT - 2_000,
                chosens: AT - 9_000,
              },
            },
          ],
        },
        {
          type: 'not-ready',
          count: 9,
          agents: [3, 4, 5, 6, 7, 8, 9].map((n) => ({ agent: agent(n), reason: lunch })),
        },
      ],
      notLoggedIn: 2,
      asked: { agent: agent(30), is: 'not-logged-in' },
    },
    {
      at: AT + 9_000,
      queue,
      work: { tier: 5, priority: 3, enteredAt: AT },
      groups: [
        {
          type: 'lacks',
          count: 2,
          agents: [
            { agent: agent(1), reason: { type: 'lacks', part: 'french>=5', step: 0 } },
            { agent: agent(2), reason: { type: 'lacks', part: 'sales', step: 0 } },
          ],
        },
      ],
      notLoggedIn: 0,
    },
  ],
};

test('printExplanation() puts who, why and why not in words, columns and order', () => {
  expect(printExplanation(EXPLANATION, names)).toBe(
    `Work item ${ITEM} came into French at 2026-01-31 12:00:00.

2026-01-31 12:00:01  Offer 7 to Agent 1
  why them      longest idle, of 2 who could take it
  why this      tier 5, priority 3, waiting since 0 s, asks for french>=5 (step 2); before ${NEXT}: its customer has waited longer
  how it ended  ran out at 4 s
  Agent 30      was not logged in

  1  came behind: not idle for so long (-2 s, the chosen one -9 s)  Agent 2
  9  is not ready (lunch)                                           Agent 3, Agent 4, Agent 5, Agent 6, Agent 7, Agent 8 and 3 more
  2  not logged in

2026-01-31 12:00:09  Waits in French
  its place     tier 5, priority 3, waiting since 0 s

  2  lack what it asks for
       lacks french>=5      Agent 1
       lacks sales          Agent 2`,
  );
  expect(printExplanation({ item: ITEM, decisions: [] }, names)).toContain('never offered');
});

test('printExplanation() says how the work item ended', () => {
  const ended = { at: AT + 60_000, ending: 'forced', code: CodeId.parse('sold') } as const;
  expect(printExplanation({ item: ITEM, decisions: [], ended }, names)).toContain(
    'It was closed by force (sold) at 2026-01-31 12:01:00.',
  );
});

test.each(['abc', '-1', '1.5', ''])('offerOf() takes %j for no offer', (text) => {
  expect(() => offerOf(text)).toThrow(`Cannot ask about offer "${text}": an offer has a number`);
});
