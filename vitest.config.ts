import { defineConfig } from 'vitest/config';

/** Unit tests need nothing but Node; integration tests start real servers; journeys drive a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts', 'test/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['src/**/*.itest.ts', 'test/integration/**/*.itest.ts'],
          globalSetup: ['test/servers/postgresql.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.itest.ts'],
          globalSetup: ['test/servers/postgresql.ts', 'test/servers/applications.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
