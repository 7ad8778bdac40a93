import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { ReasonType } from '#domain/work-item/explanation.ts';
import { PastState } from '../../insight/past-state.ts';
import { POLICY } from '../../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../../testing/deeds.ts';
import { KeptCentre } from '../../testing/kept-centre.ts';
import { someCentre } from '../../testing/some-centre.ts';
import type { DirectorState } from '../director-state.ts';
import { explainDecision } from './explain-decision.ts';
import { isByRules } from './is-by-rules.ts';

const SOAK = process.env['EMCEE_SOAK'] !== undefined;
const HISTORIES = SOAK ? 500 : 12;

const someLife = fc.record({
  wanted: someCentre,
  deeds: fc.array(someDeed, { minLength: 100, maxLength: SOAK ? 1_000 : 250, size: 'max' }),
});

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

test(
  'every offer is explained from the journal: the chosen one, every candidate, everybody else',
  async () => {
    const seen = new Set<ReasonType>();
    let offers = 0;
    const property = fc.asyncProperty(someLife, async ({ wanted, deeds }) => {
      const centre = new KeptCentre(wanted);
      centre.ready(...Object.keys(DEEDS_CENTRE.agent));
      centre.live(deeds);
      const { history } = centre;
      const { signal } = new AbortController();
      const past = await PastState.at(0, { history, policy: POLICY, signal });
      const faults: string[] = [];
      for (const record of centre.journal) {
        const { at, body } = record;
        if (body.type === 'work-item-offered') {
          offers++;
          faults.push(...faultsOf(past.state, body, at, seen));
        }
        await past.apply(record);
      }
      expect(faults).toEqual([]);
    });
    await fc.assert(property, {
      numRuns: HISTORIES,
      interruptAfterTimeLimit: SOAK ? 600_000 : 20_000,
    });
    expect(offers).toBeGreaterThan(HISTORIES * 5); // or nothing was tested
    expect([...seen]).toEqual(expect.arrayContaining(['outranked', 'not-of-this-queue', 'rings']));
  },
  SOAK ? 1_200_000 : 60_000,
);
