/**
 * The database gone under a load of conversations through the real gateway, and a disk that fills up: nothing that
 * was acknowledged is lost, everything resumes by itself, nothing is doubled. `EMCEE_SOAK=1` keeps it away for 30 s.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { testDatabase } from '#platform/database/testing.ts';
import { openDatabaseProxy } from '../doubles/database-proxy.ts';
import { Agent } from './agent.ts';
import { Load, expectNothingLost } from './conversations.ts';
import { IS_SOAK } from './random.ts';
import { WITHOUT_LIMITS, startCentre } from './start-centre.ts';
import type { Centre } from './start-centre.ts';
import { ask } from './wires.ts';
import { skipHere } from '../servers/skip-or-fail.ts';

const GONE_FOR = IS_SOAK ? 30_000 : 6_000;
const LOAD = { customers: 8, messages: 6, pause: 50 };

/** Lets a load run, does something to the centre under it, and looks that nothing is lost. */
async function underLoad(centre: Centre, trouble: (load: Load) => Promise<void>): Promise<void> {
  await using first = new Agent(centre, 'agent-1');
  await using second = new Agent(centre, 'agent-2');
  const agents = [first, second];
  for (const agent of agents) await agent.start();
  using load = new Load(centre, LOAD);
  await more(load, 20);
  await trouble(load);
  await more(load, 20);
  await load.finish();
  await expectNothingLost(centre, load.visitors, agents);
}

async function more(load: Load, count: number): Promise<void> {
  const before = load.acknowledged;
  await expect
    .poll(() => load.acknowledged, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(before + count);
}

/** What the API answers to somebody who needs the database. */
async function answerOf(centre: Centre): Promise<{ status: number; code: string }> {
  const far = { port: centre.portOf('desktop-http') };
  const authorization = `Bearer ${centre.token}`;
  const { status, text } = await ask(far, '/api/v1/contacts?text=customer', { authorization });
  const { error } = JSON.parse(text) as { error?: { code: string; message: string } };
  return { status, code: error?.code ?? 'none' };
}

test(
  `the database is gone for ${GONE_FOR / 1_000} s under load: nothing acknowledged is lost, all resumes, nothing is doubled`,
  { timeout: GONE_FOR + 120_000 },
  async () => {
    await using database = await testDatabase();
    await using proxy = await openDatabaseProxy(database.url);
    const environment = { EMCEE_DATABASE_URL: proxy.url };
    await using centre = await startCentre({ agents: 2, words: WITHOUT_LIMITS, environment });
    await underLoad(centre, async (load) => {
      proxy.cut();
      await sleep(500); // what was durable already may still be told
      const before = load.acknowledged;
      expect(await answerOf(centre)).toEqual({ status: 503, code: 'busy' });
      await sleep(GONE_FOR - 500);
      expect(load.acknowledged).toBe(before);
      proxy.restore();
    });
  },
);

test('the embedded database is killed under load, and started again by itself', async () => {
  await using centre = await startCentre({ agents: 2, words: WITHOUT_LIMITS });
  await underLoad(centre, async (load) => {
    for (let kill = 0; kill < 2; kill++) {
      const killed = await centre.postmaster();
      process.kill(killed, 'SIGKILL');
      await more(load, 10);
      expect(await centre.postmaster()).not.toBe(killed);
    }
  });
}, 120_000);

/** Everything that components say of how they are. */
async function healthOf({ api }: Centre): Promise<string> {
  return JSON.stringify(await api.call('GET', '/system/components'));
}

describe('a disk that fills up under load', () => {
  let disk: string | undefined;
  afterEach(async () => {
    if (disk === undefined) return;
    execFileSync('/bin/umount', [disk]);
    await rm(disk, { recursive: true });
  });

  test('is told, loses nothing acknowledged, and all resumes once there is room', async (context) => {
    disk = await smallDisk(DISK_MEBIBYTES);
    if (disk === undefined) return skipHere(context, 'only root may mount a small disk to fill');
    await using centre = await startCentre({
      agents: 2,
      words: WITHOUT_LIMITS,
      data: join(disk, 'data'),
    });
    const ballast = join(disk, 'ballast');
    await underLoad(centre, async (load) => {
      await expect
        .poll(
          async () => {
            fill(ballast);
            const before = load.acknowledged;
            await sleep(500);
            return load.acknowledged - before;
          },
          { timeout: 30_000, interval: 10 },
        )
        .toBe(0);
      await expect
        .poll(() => healthOf(centre), { timeout: 15_000 })
        .toMatch(/The database refuses to write \(.*No space left on device.*\); make room/);
      await truncate(ballast);
    });
    await expect
      .poll(() => healthOf(centre), { timeout: 20_000, interval: 500 })
      .not.toMatch(/refuses to write/);
  }, 120_000);
});

/** Enough for a fresh cluster and some load. */
const DISK_MEBIBYTES = 140;

/** A disk of its own, which can be filled without hurting anybody; nothing where we may not mount one. */
async function smallDisk(mebibytes: number): Promise<string | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'emcee-test-disk-'));
  try {
    const size = `size=${mebibytes}m,mode=755`;
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path], { stdio: 'pipe' });
    return path;
  } catch {
    await rm(path, { recursive: true });
    return undefined;
  }
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  const chunk = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(file, chunk);
  } catch {
    // full
  } finally {
    closeSync(file);
  }
}
