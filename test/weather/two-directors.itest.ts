/** Two directors, each in a process of its own: whichever ends, hangs or comes back, work goes on within seconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { COMPONENTS } from '#base/component-name.ts';
import { addressesOf } from '#platform/installation/address-file.ts';
import { Agent } from './agent.ts';
import { Load, expectNothingLost } from './conversations.ts';
import { IS_SOAK, SEED, randomFrom } from './random.ts';
import { WITHOUT_LIMITS, startCentre } from './start-centre.ts';
import type { Centre } from './start-centre.ts';

const KILLS = IS_SOAK ? 20 : 3;

/** From the kill to the first command that is acknowledged again. */
const TAKES_OVER_WITHIN = 5_000;

/** A hung process is noticed by its silence, and its work by what nobody answers. */
const HUNG_IS_REPLACED_WITHIN = 10_000;

const others = COMPONENTS.filter((component) => component !== 'media-director').join();

const WORDS = [
  '--run',
  'media-director',
  '--run',
  'media-director',
  '--run',
  others,
  ...WITHOUT_LIMITS,
];

interface Directors {
  readonly inOffice: number;
  readonly standsBy: number;
}

/** The processes of both directors, once each is what it is. */
async function directorsOf({ program }: Centre): Promise<Directors> {
  const look = () => {
    const alive = addressesOf(program.data, 'media-director').filter(({ pid }) => isAlive(pid));
    const [first, second] = alive;
    const isSettled = alive.length === 2 && first?.opened.length && second?.opened.length === 0;
    return isSettled ? { inOffice: first.pid, standsBy: second.pid } : undefined;
  };
  await expect.poll(look, { timeout: 30_000 }).toBeDefined();
  const found = look();
  if (!found) throw new Error('Cannot find two directors: one has just ended');
  return found;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** How long it takes until the director does what it is asked. */
async function untilAcknowledged(centre: Centre): Promise<number> {
  const began = performance.now();
  const agent = centre.as('agent-3');
  const logIn = () => agent.call('POST', '/me/log-in', { station: 'station-3' });
  while (!(await logIn().catch(() => undefined))) await sleep(20);
  return performance.now() - began;
}

test(
  `S07: ${KILLS} times kill -9 of the director in office, and once of both and of who stands by: chats go on, nothing acknowledged is lost, nobody is offered twice (EMCEE_SEED=${SEED})`,
  { timeout: 120_000 + KILLS * 30_000 },
  async () => {
    const random = randomFrom(SEED);
    await using centre = await startCentre({ agents: 3, words: WORDS });
    await using first = new Agent(centre, 'agent-1');
    await using second = new Agent(centre, 'agent-2');
    for (const agent of [first, second]) await agent.start();
    using load = new Load(centre, { customers: 8, messages: 4, pause: 50 });
    const works = async (): Promise<void> => {
      const before = load.acknowledged;
      await expect.poll(() => load.acknowledged, { timeout: 30_000 }).toBeGreaterThan(before + 10);
    };

    const takeovers: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await works();
      const { inOffice } = await directorsOf(centre);
      await sleep(random(1_000));
      process.kill(inOffice, 'SIGKILL');
      takeovers.push(await untilAcknowledged(centre));
    }
    expect(takeovers.filter((took) => took > TAKES_OVER_WITHIN)).toEqual([]);

    await works();
    const one = await directorsOf(centre);
    process.kill(one.standsBy, 'SIGKILL');
    await works();
    expect((await directorsOf(centre)).inOffice).toBe(one.inOffice);

    const both = await directorsOf(centre);
    for (const pid of Object.values(both)) process.kill(pid, 'SIGKILL');
    await works();

    await load.finish();
    await expectNothingLost(centre, load.visitors, [first, second]);
  },
);

test('a director that hangs is replaced; when it goes on it has no say, and stands by', async () => {
  await using centre = await startCentre({ agents: 3, words: WORDS });
  await using agent = new Agent(centre, 'agent-1');
  await agent.start();
  using load = new Load(centre, { customers: 4, messages: 4, pause: 50 });
  await expect.poll(() => load.acknowledged, { timeout: 30_000 }).toBeGreaterThan(10);
  const before = await directorsOf(centre);
  process.kill(before.inOffice, 'SIGSTOP');
  expect(await untilAcknowledged(centre)).toBeLessThan(HUNG_IS_REPLACED_WITHIN);
  const acknowledged = load.acknowledged;
  await expect
    .poll(() => load.acknowledged, { timeout: 30_000 })
    .toBeGreaterThan(acknowledged + 20);
  process.kill(before.inOffice, 'SIGCONT');
  const after = await directorsOf(centre);
  expect(after).toEqual({ inOffice: before.standsBy, standsBy: before.inOffice });
  await load.finish();
  await expectNothingLost(centre, load.visitors, [agent]);
}, 180_000);
