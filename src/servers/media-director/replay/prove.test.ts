import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { History } from '../insight/history.ts';
import { MemoryArchive } from '../insight/memory-archive.ts';
import { agentId, documents, POLICY, RuleCentre, type Documents } from '../testing/centre.ts';
import { DEEDS_CENTRE, perform, someDeed, type Deed } from '../testing/deeds.ts';
import { prove } from './prove.ts';

const HISTORIES = process.env['EMCEE_SOAK'] ? 500 : 8;
const someHistory = fc.array(someDeed, { minLength: 1, maxLength: 300, size: 'max' });

/** A centre that keeps what a replay needs: its journal, and every document it heard. */
class KeptCentre extends RuleCentre {
  readonly heard: StoredDocument[];

  constructor(wanted: Documents) {
    super(wanted);
    this.heard = documents(wanted);
    this.run('configurationChanged', {});
  }

  override configure(wanted: Documents): void {
    this.heard.push(...documents(wanted, this.state.configuration.revision + 1));
    super.configure(wanted);
  }

  live(history: readonly Deed[]): void {
    for (const deed of history) {
      try {
        perform(this, deed, () => {});
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
  }
}

const proofOf = (journal: readonly DirectorRecord[], heard: readonly StoredDocument[]) =>
  prove({
    history: new History(new MemoryArchive(journal, heard)),
    policy: POLICY,
    since: 0,
    until: journal.length,
    signal: new AbortController().signal,
  });

test('prove() reproduces every offer of random histories', async () => {
  let decisions = 0;
  const property = fc.asyncProperty(someHistory, async (history) => {
    const centre = new KeptCentre(DEEDS_CENTRE);
    centre.ready(...Object.keys(DEEDS_CENTRE.agent));
    centre.live(history);
    const proof = await proofOf(centre.journal, centre.heard);
    decisions += proof.decisions;
    expect(proof).toMatchObject({ same: proof.decisions, differences: [] });
  });
  await fc.assert(property, { numRuns: HISTORIES });
  expect(decisions).toBeGreaterThan(HISTORIES * 5); // or nothing was tested
});

test('prove() finds the one offer that the rules did not make', async () => {
  const centre = new KeptCentre(DEEDS_CENTRE);
  centre.ready('agent-1', 'agent-2');
  const items = [centre.submit(), centre.submit()];
  for (const item of items) centre.accept(item);
  const journal = centre.journal.map((record): DirectorRecord => {
    const { body } = record;
    if (body.type !== 'work-item-offered' || body.item !== items[1]) return record;
    return { ...record, body: { ...body, agent: agentId('agent-1') } };
  });
  const { decisions, same, differences } = await proofOf(journal, centre.heard);
  expect({ decisions, same }).toEqual({ decisions: 2, same: 1 });
  expect(differences).toMatchObject([
    { journaled: { agent: 'agent-1' }, again: { agent: 'agent-2' } },
  ]);
});
