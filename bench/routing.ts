/**
 * Decisions per second in memory on one core: 10,000 agents, 500 queues, 200 skills, 100,000 waiting, against
 * an engine that scans arrays, and against the same centre at a tenth of its size.
 *
 * A decision here is an offer with its whole hand-over: what led to it, its acceptance, the end of the contact, the
 * next customer's entry, and the breaks, log-outs, abandons and relaxations between, some three and a half commands
 * with the records that the journal would have of them. `offersPerSecond` is the same by its plain name, and
 * `commandsPerSecond` counts each command as the one pure decision that it is.
 */
import { rounded, type BenchResult } from './bench.ts';
import { Churn } from './parts/routing/churn.ts';
import { measureLinearScan } from './parts/routing/compare.ts';
import { World, type Size } from './parts/routing/world.ts';

const FULL: Size = { agents: 10_000, queues: 500, waiting: 100_000 };
const TENTH: Size = { agents: 1_000, queues: 50, waiting: 10_000 };
const SEED = 1;

/** Each size works for so many things that happen, after as many to warm up. */
const STEPS = 60_000;

export async function run(): Promise<BenchResult> {
  const small = measure(TENTH);
  const large = measure(FULL);
  const scan = measureLinearScan(large.churn);
  const { agents, requirements } = large.churn.state.signatures.counts;
  return {
    bench: 'routing',
    ratios: {
      toLinearScan: rounded(scan.microseconds / large.microseconds),
      growth: rounded(large.microseconds / small.microseconds),
    },
    figures: {
      decisionsPerSecond: Math.round(1_000_000 / large.microseconds),
      decisionsPerSecondAtATenth: Math.round(1_000_000 / small.microseconds),
      offersPerSecond: Math.round(1_000_000 / large.microseconds),
      commandsPerSecond: Math.round((1_000_000 / large.microseconds) * large.stepsPerDecision),
      agentSignatures: agents,
      requirementSignatures: requirements,
      verifiedChoices: scan.verified,
      journalBytesPerDecision: Math.round(large.bytes),
    },
  };
}

function measure(size: Size) {
  const churn = new Churn(new World(size, SEED));
  churn.fill();
  for (let n = 0; n < STEPS; n++) churn.step();
  const { decisions, journaled, steps, elapsed } = churn;
  for (let n = 0; n < STEPS; n++) churn.step();
  const made = churn.decisions - decisions;
  const figures = {
    microseconds: ((churn.elapsed - elapsed) * 1_000) / made,
    stepsPerDecision: (churn.steps - steps) / made,
    bytes: (churn.journaled - journaled) / made,
  };
  const { agents, requirements } = churn.state.signatures.counts;
  console.log(
    `${size.agents} agents of ${agents} signatures, ${size.queues} queues, ${churn.state.waiting.size} waiting ` +
      `of ${requirements} signatures: ${made} decisions, ${rounded(figures.microseconds)} us each, ` +
      `${rounded(figures.stepsPerDecision)} commands and ${Math.round(figures.bytes)} bytes of journal each`,
  );
  return { churn, ...figures };
}
