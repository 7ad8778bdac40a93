import { defineConfig } from 'vitest/config';

/**
 * Real servers and browsers on a machine that does other things miss a deadline once; what fails twice is
 * broken. Nobody retries while developing: a test that fails now and then is to be mended.
 */
const RETRIES = process.env['CI'] === undefined ? 0 : 1;

/** How long a test waits for what comes about by itself; a second is too short on a busy machine. */
const POLLS_FOR = 10_000;

/**
 * Unit tests need nothing but Node; integration tests start real servers; journeys drive a real browser.
 * They run one kind after the other, so that a browser's deadlines are not missed for want of a processor.
 */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          isolate: false, // a file finds what others have loaded: a third of the time
          maxWorkers: '100%', // vitest leaves one processor idle otherwise
          restoreMocks: true,
          unstubEnvs: true,
          testTimeout: 20_000, // random histories take a second or two; a busy machine takes ten times that
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [
            'src/**/*.itest.ts',
            'test/integration/**/*.itest.ts',
            'test/weather/**/*.itest.ts',
          ],
          globalSetup: ['test/servers/postgresql.ts', 'test/servers/packages.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          retry: RETRIES,
          expect: { poll: { timeout: POLLS_FOR } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.itest.ts'],
          globalSetup: [
            'test/servers/postgresql.ts',
            'test/servers/packages.ts',
            'test/servers/applications.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          retry: RETRIES,
          expect: { poll: { timeout: POLLS_FOR } },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
