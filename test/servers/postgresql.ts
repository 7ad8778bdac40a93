/** One private PostgreSQL for a whole test run, or the one that EMCEE_TEST_DATABASE_URL names. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdDirectory } from '#platform/database/directory-lock.ts';
import { locateCluster } from '#platform/database/embedded/cluster.ts';
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { findPostmaster, stopPostmaster } from '#platform/database/embedded/postmaster.ts';
import type { TestServer } from '#platform/database/testing.ts';
import type { TestProject } from 'vitest/node';

const PREFIX = 'emcee-test-postgresql-';

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

let life: AsyncDisposableStack | undefined;

/** Called by vitest before the first test. */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env['EMCEE_TEST_DATABASE_URL'];
  project.provide('postgresql', given ? { adminUrl: given, url: given } : await startServer());
}

/** Called by vitest after the last test. */
export async function teardown(): Promise<void> {
  await life?.disposeAsync();
}

async function startServer(): Promise<TestServer> {
  await removeLeftovers();
  await using parts = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), PREFIX));
  parts.defer(() => rm(directory, { recursive: true, force: true }));
  const server = parts.use(
    await startEmbeddedPostgresql({
      directory,
      trace: silent,
      maxConnections: 200,
      durable: false,
    }),
  );
  life = parts.move();
  return { adminUrl: server.adminUrl, url: server.url };
}

/** A test run that was killed leaves its server behind: it goes with the next run. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = join(tmpdir(), name);
    const { birthtimeMs } = await stat(directory);
    if (Date.now() - birthtimeMs < 60_000) continue; // perhaps just made and not yet locked
    await using parts = new AsyncDisposableStack();
    try {
      parts.use(holdDirectory(directory));
    } catch {
      continue; // another run's, still in use
    }
    const cluster = await locateCluster(join(directory, 'cluster'), false);
    const postmaster = await findPostmaster(cluster, cluster.path);
    if (postmaster) await stopPostmaster(postmaster);
    await rm(directory, { recursive: true, force: true });
  }
}
