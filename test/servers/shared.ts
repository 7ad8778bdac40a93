import { afterAll } from 'vitest';
import type { TestContext } from 'vitest';
import { skipOrFail } from './skip-or-fail.ts';

/** This machine has no such server and cannot get it; the message says why. */
export class ServerMissing extends Error {
  override readonly name = 'ServerMissing';
}

/**
 * A server that the tests of one file share: started with the first test that asks, disposed after the last. A test
 * that asks where it is missing is skipped, or fails where nothing may be missing.
 */
export function shared<T extends AsyncDisposable>(
  start: () => Promise<T>,
): (context: TestContext) => Promise<T> {
  let started: Promise<T> | undefined;
  afterAll(async () => {
    const server = await started?.catch(() => undefined);
    await server?.[Symbol.asyncDispose]();
  });
  return async (context) => {
    try {
      return await (started ??= start());
    } catch (error) {
      if (error instanceof ServerMissing) skipOrFail(context, error.message);
      throw error;
    }
  };
}
