import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { ReasonType } from '#domain/work-item/explanation.ts';
import { documents, POLICY, RuleCentre } from '../../testing/centre.ts';
import { DEEDS_CENTRE, perform, someDeed, type Deed } from '../../testing/deeds.ts';
import { DirectorState } from '../director-state.ts';
import { explainDecision } from './explain-decision.ts';
import { isByRules } from './is-by-rules.ts';

const HISTORIES = process.env['EMCEE_SOAK'] ? 1_000 : 12;
const someHistory = fc.array(someDeed, { minLength: 1, maxLength: 300, size: 'max' });

type Offer = DirectorEvent & { type: 'work-item-offered' };

/** What is wrong with the explanation of an offer on the state before it. */
function faultsOf(state: DirectorState, offer: Offer, at: number, seen: Set<ReasonType>): string[] {
  if (!isByRules(offer.choice)) return [];
  const explained = explainDecision(state, offer.item, at);
  if (!explained) return [`${offer.item} did not wait`];
  const { agent: chosen, reasonOf } = explained;
  const faults: string[] = [];
  if (chosen !== offer.agent) faults.push(`${chosen} and not ${offer.agent}`);
  let able = 0;
  for (const agent of state.centre.agents.keys()) {
    const reason = reasonOf(agent);
    if (agent === offer.agent) {
      if (reason) faults.push(`${agent} has it and is told ${reason.type}`);
    } else if (!reason) faults.push(`${agent} is told nothing`);
    else {
      seen.add(reason.type);
      if (reason.type === 'outranked') able++;
    }
  }
  const { candidates } = offer.choice;
  if (able + 1 !== candidates) faults.push(`${candidates} candidates, ${able} outranked`);
  return faults;
}

function live(centre: RuleCentre, history: readonly Deed[]): void {
  for (const deed of history) {
    try {
      perform(centre, deed, () => {});
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

test('every offer is explained from the journal: the chosen one, every candidate, everybody else', () => {
  const seen = new Set<ReasonType>();
  let offers = 0;
  const property = fc.property(someHistory, (history) => {
    const centre = new RuleCentre(DEEDS_CENTRE);
    centre.ready(...Object.keys(DEEDS_CENTRE.agent));
    const heard = new Map([[0, documents(DEEDS_CENTRE)]]);
    const configure = centre.configure.bind(centre);
    centre.configure = (wanted) => {
      const first = centre.state.configuration.revision + 1;
      const at = centre.state.position;
      heard.set(at, [...(heard.get(at) ?? []), ...documents(wanted, first)]);
      configure(wanted);
    };
    live(centre, history);

    const again = new DirectorState(POLICY);
    const faults: string[] = [];
    again.configure(heard.get(0) ?? []);
    for (const { position, at, body } of centre.journal) {
      if (position > 1) again.configure(heard.get(position - 1) ?? []);
      if (body.type === 'work-item-offered') {
        offers++;
        faults.push(...faultsOf(again, body, at, seen));
      }
      again.apply(at, body);
    }
    expect(faults).toEqual([]);
  });
  fc.assert(property, { numRuns: HISTORIES });
  expect(offers).toBeGreaterThan(HISTORIES * 5);
  expect([...seen]).toEqual(expect.arrayContaining(['outranked', 'not-of-this-queue', 'rings']));
});
