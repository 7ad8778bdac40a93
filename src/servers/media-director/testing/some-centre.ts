/** A centre set up at random. Only tests import this file. */
import * as fc from 'fast-check';
import type { Documents } from './centre.ts';
import { DEEDS_CENTRE } from './deeds.ts';

const FRENCH = { type: 'skill', skill: 'french', level: 8 };
const BERLIN = { type: 'attribute', attribute: 'site', values: ['berlin'] };

/** The agents and queues of the deeds, and everything that an administrator may set, by chance and all at once. */
export const someCentre = fc
  .record({
    ageing: fc.constantFrom(0, 5_000, 60_000),
    hysteresis: fc.constantFrom(0, 20, 100),
    resetBy: fc.constantFrom('any-channel', 'same-channel'),
    notReadyResets: fc.boolean(),
    interrupts: fc.constantFrom({}, { 'web-chat': ['email', 'task'] }, { task: ['web-chat'] }),
    idleContactReleases: fc.constantFrom(0, 5_000),
    budget: fc.constantFrom(undefined, undefined, 90, 130),
    order: fc.constantFrom(
      'longest-idle',
      'least-occupied',
      'most-skilled',
      'most-spare-capacity',
      'round-robin',
    ),
    tier: fc.constantFrom(4, 5),
    preferredWait: fc.constantFrom(0, 12_000),
    autoAcceptAfter: fc.constantFrom(undefined, undefined, 500),
    mostPerAgent: fc.constantFrom(undefined, 1, 2),
    steps: fc.constantFrom(
      [],
      [
        { after: 0, requirement: { must: FRENCH, preferred: BERLIN } },
        { after: 8_000, requirement: { must: { type: 'any', of: [FRENCH, BERLIN] } } },
        { after: 30_000, requirement: {} },
      ],
    ),
  })
  .map((set): Documents => {
    const { agent, queue, code } = DEEDS_CENTRE;
    const { ageing, hysteresis, interrupts, idleContactReleases, budget } = set;
    const idle = { resetBy: set.resetBy, notReadyResets: set.notReadyResets };
    const routing = { ageing, hysteresis, interrupts, idleContactReleases, idle };
    const { preferredWait, mostPerAgent } = set;
    return {
      organisation: { organisation: { routing } },
      agent: {
        ...agent,
        'agent-1': { ...agent['agent-1'], budget, attributes: { site: 'berlin' } },
        'agent-3': { ...agent['agent-3'], budget },
      },
      queue: {
        ...queue,
        sales: { agentOrder: set.order, requirements: set.steps, preferredWait, mostPerAgent },
        french: { ...queue.french, autoAcceptAfter: set.autoAcceptAfter },
        tasks: { ...queue.tasks, tier: set.tier, agentOrder: set.order },
      },
      code,
    };
  });
