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
  return skipHere(context, reason);
}

/** Skips a test that no set-up of this machine could make possible (root alone may do it), and prints why. */
export function skipHere(context: TestContext, reason: string): never {
  process.stderr.write(`Skipped "${context.task.name}": ${reason}\n`);
  return context.skip(reason);
}
