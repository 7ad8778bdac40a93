import { afterEach, expect, test, vi } from 'vitest';
import { skipOrFail } from './skip-or-fail.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

class Skipped extends Error {}

const skipping = {
  task: { name: 'a full disk' },
  skip: (reason: string) => {
    throw new Skipped(reason);
  },
} as never;

test('skipOrFail() says why it skips', () => {
  vi.stubEnv('EMCEE_REQUIRE_SERVERS', undefined);
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => skipOrFail(skipping, 'no disk')).toThrow(new Skipped('no disk'));
  expect(write).toHaveBeenCalledExactlyOnceWith('Skipped "a full disk": no disk\n');
});

test('skipOrFail() fails where nothing may be missing', () => {
  vi.stubEnv('EMCEE_REQUIRE_SERVERS', '1');
  expect(() => skipOrFail(skipping, 'no disk')).toThrow('Cannot run "a full disk": no disk');
});
