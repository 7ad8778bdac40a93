import type { TestContext } from 'vitest';

/**
 * Skips a test that this machine cannot run, and says why. Where everything must be there, as EMCEE_REQUIRE_SERVERS=1
 * says, it fails: a test that is always skipped would look like one that passes.
 */
export function skipOrFail(context: TestContext, reason: string): never {
  const { name } = context.task;
  if (process.env['EMCEE_REQUIRE_SERVERS'] === '1') {
    throw new Error(`Cannot run "${name}": ${reason}`);
  }
  process.stderr.write(`Skipped "${name}": ${reason}\n`);
  return context.skip(reason);
}
