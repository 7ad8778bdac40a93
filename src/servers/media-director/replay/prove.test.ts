import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { History } from '../insight/history.ts';
import { MemoryArchive } from '../insight/memory-archive.ts';
import { agentId, documents, POLICY } from '../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../testing/deeds.ts';
import { KeptCentre } from '../testing/kept-centre.ts';
import { someCentre } from '../testing/some-centre.ts';
import { prove } from './prove.ts';

const SOAK = process.env['EMCEE_SOAK'] !== undefined;
const HISTORIES = SOAK ? 500 : 10;

const someLife = fc.record({
  wanted: someCentre,
  deeds: fc.array(someDeed, { minLength: 100, maxLength: SOAK ? 1_000 : 250, size: 'max' }),
});

const proofOf = (history: History, until: number) =>
  prove({ history, policy: POLICY, since: 0, until, signal: new AbortController().signal });

test(
  'prove() reproduces every offer of random histories, whatever is set',
  async () => {
    let decisions = 0;
    const property = fc.asyncProperty(someLife, async ({ wanted, deeds }) => {
      const centre = new KeptCentre(wanted);
      centre.ready(...Object.keys(DEEDS_CENTRE.agent));
      centre.live(deeds);
      const proof = await proofOf(centre.history, centre.journal.length);
      decisions += proof.decisions;
      expect(proof).toMatchObject({ same: proof.decisions, differences: [] });
    });
    await fc.assert(property, {
      numRuns: HISTORIES,
      interruptAfterTimeLimit: SOAK ? 600_000 : 20_000,
    });
    expect(decisions).toBeGreaterThan(HISTORIES * 5); // or nothing was tested
  },
  SOAK ? 1_200_000 : 60_000,
);

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
  const history = new History(new MemoryArchive(journal, documents(DEEDS_CENTRE)));
  const { decisions, same, differences } = await proofOf(history, journal.length);
  expect({ decisions, same }).toEqual({ decisions: 2, same: 1 });
  expect(differences).toMatchObject([
    { journaled: { agent: 'agent-1' }, again: { agent: 'agent-2' } },
  ]);
});
