/** What the journal says customers were told, against what it says they waited, under the director's own rules. */
import { expect, test } from 'vitest';
import { minutes, type Instant } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { NO_SCORE, scoreAfter, type Score } from '#domain/waiting-time/score.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { chats, RuleCentre } from '../testing/centre.ts';
import { Customers } from '../testing/customers.ts';

const CUSTOMERS = 700;
/** Three short histories, which chance may favour or not; the soak lives through enough to be sure. */
const SEEDS = process.env['EMCEE_SOAK'] ? Array.from({ length: 20 }, (_, n) => n + 1) : [1, 2, 3];
const LEAST_KEPT = process.env['EMCEE_SOAK'] ? 0.75 : 0.7;
const AGENTS = Array.from({ length: 8 }, (_, n) => `agent-${n + 1}`);
const traffic = { load: 7.4, agents: AGENTS.length, handlingTime: minutes(5) };

/** Agents accept at once, and every contact takes as long as its customer brings with them. */
function serve(seed: number, patience?: number): RuleCentre {
  const customers = new Customers(seed, traffic, patience);
  const capacities = Object.fromEntries(AGENTS.map((id) => [id, chats(1)]));
  const centre = new RuleCentre({ agent: capacities, queue: { sales: {} } }, 0);
  centre.ready(...AGENTS);
  const coming: { at: Instant; item: WorkItemId }[] = [];
  const handling = new Map<WorkItemId, number>();
  const stateOf = (id: WorkItemId): OpenWorkItem['state'] | undefined =>
    centre.state.item(id)?.state;
  const acceptAll = (): void => {
    for (const { id, state } of centre.state.centre.items.values()) {
      if (state !== 'offered') continue;
      centre.accept(id);
      coming.push({ at: centre.now + (handling.get(id) ?? 0), item: id });
    }
  };
  const passUntil = (end: Instant): void => {
    for (;;) {
      const next = coming.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      coming.splice(coming.indexOf(next), 1);
      centre.now = next.at;
      if (stateOf(next.item) === 'accepted') centre.close(next.item);
      else if (stateOf(next.item) === 'queued') centre.run('abandon', { item: next.item });
      acceptAll();
    }
    centre.now = end;
  };
  for (let n = 0; n < CUSTOMERS; n++) {
    const customer = customers.next();
    passUntil(customer.arrivesAt);
    const id = centre.submit();
    handling.set(id, customer.handling);
    acceptAll();
    if (stateOf(id) === 'queued' && patience !== undefined) {
      coming.push({ at: customer.arrivesAt + customer.patience, item: id });
    }
  }
  return centre;
}

/** How what was said at entry has held, by the journal alone. */
function scoreOf({ journal }: RuleCentre, before: Score): Score {
  const told = new Map<WorkItemId, { at: Instant; least: number; most: number }>();
  let score = before;
  for (const { at, body } of journal) {
    if (body.type === 'work-item-entered' && body.estimate) {
      told.set(body.item, { at, ...body.estimate });
    }
    const said = body.type === 'work-item-accepted' ? told.get(body.item) : undefined;
    if (said) score = scoreAfter(score, said, at - said.at);
  }
  return score;
}

test.each([
  ['who wait for as long as it takes', undefined],
  ['who lose their patience', minutes(6)],
])(
  'of customers %s three of four wait as they were told',
  (_, patience) => {
    let score = NO_SCORE;
    for (const seed of SEEDS) score = scoreOf(serve(seed, patience), score);
    const { answers, kept } = score;
    expect(answers).toBeGreaterThan((SEEDS.length * CUSTOMERS) / 6);
    expect(kept / answers).toBeGreaterThan(LEAST_KEPT);
    expect(kept / answers).toBeLessThan(0.9);
  },
  30_000,
);
