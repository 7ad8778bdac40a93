import { expect, test } from 'vitest';
import { seconds } from '#base/time.ts';
import type { Explanation } from '#domain/work-item/explanation.ts';
import {
  agentId,
  codeId,
  documents,
  newItemId,
  POLICY,
  queueId,
  RuleCentre,
} from '../testing/centre.ts';
import { anchorOf } from './anchors.ts';
import { explainItem, type Question } from './explain.ts';
import { History } from './history.ts';
import { MemoryArchive } from './memory-archive.ts';

const CENTRE = {
  organisation: { main: {} },
  skill: { french: {} },
  agent: {
    'agent-1': { capacity: { 'web-chat': 1 }, skills: { french: 3 } },
    'agent-2': { capacity: { 'web-chat': 1 }, skills: { french: 8 } },
    'agent-3': { capacity: { 'web-chat': 1 }, skills: { french: 9 } },
    'agent-4': { capacity: { email: 1 }, skills: { french: 9 } },
    'agent-5': { capacity: { 'web-chat': 1 }, skills: { french: 9 } },
    'agent-6': { capacity: { 'web-chat': 1 }, skills: { french: 9 }, roles: ['supervisor'] },
  },
  queue: {
    sales: {},
    french: {
      requirements: [
        {
          after: 0,
          requirement: { must: { type: 'skill', skill: 'french', level: 5 } },
        },
      ],
    },
  },
  code: { lunch: { use: 'not-ready' } },
};

const FRENCH = queueId('french');

class Past {
  readonly centre = new RuleCentre(CENTRE);

  /** @throws What is unknown. */
  async explain(question: Question): Promise<Explanation> {
    const found = await explainItem(question, {
      history: new History(new MemoryArchive(this.centre.journal, documents(CENTRE))),
      policy: POLICY,
      now: this.centre.now,
      signal: new AbortController().signal,
    });
    if (typeof found === 'string') throw new Error(found);
    return found;
  }
}

test('explainItem() tells of every offer who could have had it and why nobody else', async () => {
  const past = new Past();
  const { centre } = past;
  centre.ready('agent-1', 'agent-2', 'agent-3', 'agent-4');
  centre.run('setReadiness', {
    agent: agentId('agent-4'),
    readiness: { state: 'not-ready', reason: codeId('lunch') },
  });
  const item = centre.submit({ queue: FRENCH });
  const explanation = await past.explain({ item });
  expect(explanation.decisions).toMatchObject([
    {
      queue: 'french',
      work: { tier: 5, priority: 5, step: 0, asks: 'french>=5' },
      offer: { number: 1, agent: 'agent-2', isReproduced: true, choice: { candidates: 2 } },
      notLoggedIn: 1,
      groups: [
        {
          type: 'outranked',
          count: 1,
          agents: [{ agent: 'agent-3', reason: { by: 'longest-idle' } }],
        },
        { type: 'lacks', agents: [{ agent: 'agent-1', reason: { part: 'french>=5', step: 0 } }] },
        { type: 'not-ready', agents: [{ agent: 'agent-4', reason: { reason: 'lunch' } }] },
      ],
    },
  ]);
});

test('explainItem() tells why an item waits, what the agent who is asked about is short of, and what came before', async () => {
  const past = new Past();
  const { centre } = past;
  centre.ready('agent-2');
  const first = centre.submit({ queue: FRENCH });
  centre.accept(first);
  const waits = centre.after(seconds(3)).submit({ queue: FRENCH });
  const explanation = await past.explain({ item: waits, agent: agentId('agent-2') });
  expect(explanation.decisions).toMatchObject([
    {
      groups: [{ type: 'full', count: 1 }],
      asked: { is: 'not-chosen', reason: { type: 'full', limit: 'agent', most: 1 } },
    },
  ]);
  expect(explanation.decisions[0]?.offer).toBeUndefined();
  const last = centre.submit({ queue: FRENCH });
  centre.close(first);
  const answered = await past.explain({ item: waits, offer: 2 });
  expect(answered.decisions).toMatchObject([{ work: { next: { item: last, by: 'age' } } }]);
  await expect(past.explain({ item: newItemId() })).rejects.toThrow('unknown-item');
  await expect(past.explain({ item: waits, offer: 99 })).rejects.toThrow('unknown-offer');
  expect(await past.explain({ item: waits, offer: 0 })).toMatchObject({ decisions: [] });
  expect(await past.explain({ item: last, offer: 0 })).toMatchObject({
    decisions: [{ groups: [{ type: 'rings' }] }],
  });
});

test('explainItem() says of what a supervisor gave by hand that nobody else was asked', async () => {
  const past = new Past();
  const { centre } = past;
  centre.ready('agent-1', 'agent-2');
  const item = centre.submit({ queue: FRENCH });
  centre.run('pullBack', { item, by: agentId('agent-6') });
  centre.run('assign', { item, agent: agentId('agent-1'), by: agentId('agent-6') });
  const explanation = await past.explain({ item });
  expect(explanation.decisions.at(-1)).toMatchObject({
    offer: { agent: 'agent-1', choice: { by: 'supervisor' }, isReproduced: true },
    groups: [{ type: 'rests', count: 1 }],
  });
});

test('explainItem() explains by the configuration that decided: a successor may have heard less', async () => {
  const past = new Past();
  const { centre } = past;
  centre.ready('agent-2', 'agent-3');
  const change = { agent: { 'agent-2': { capacity: { 'web-chat': 1 }, skills: { french: 1 } } } };
  centre.configure(change);
  const successor = new RuleCentre(CENTRE, centre.now, anchorOf(centre.state));
  successor.run('configurationChanged', {});
  const item = successor.submit({ queue: FRENCH });
  expect(successor.agentOf(item)).toBe('agent-2');
  const heard = [...documents(CENTRE), ...documents(change, documents(CENTRE).length + 1)];
  const explained = await explainItem(
    { item },
    {
      history: new History(new MemoryArchive([...centre.journal, ...successor.journal], heard)),
      policy: POLICY,
      now: successor.now,
      signal: new AbortController().signal,
    },
  );
  const offer = { agent: 'agent-2', isReproduced: true };
  expect(explained).toMatchObject({ decisions: [{ offer }] });
});

test('explainItem() tells how each offer ended, and the work item', async () => {
  const past = new Past();
  const { centre } = past;
  centre.ready('agent-2', 'agent-3');
  const item = centre.submit({ queue: FRENCH });
  const ended = () => past.explain({ item });
  expect((await ended()).decisions[0]?.offer?.ended).toBeUndefined();
  centre.run('pullBack', { item, by: agentId('agent-6') });
  const withdrawnAt = centre.now;
  centre.after(seconds(1)).accept(item);
  expect((await ended()).ended).toBeUndefined();
  centre.close(item);
  expect(await ended()).toMatchObject({
    decisions: [
      { offer: { ended: { at: withdrawnAt, ending: 'withdrawn' } } },
      { offer: { ended: { ending: 'accepted' } } },
    ],
    ended: { ending: 'handled' },
  });
});
