/** kill -9 of the whole program at any moment: nothing acknowledged is lost, nothing doubled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../journeys/centre.ts';
import { Agent } from './agent.ts';
import { Load, expectNothingLost } from './conversations.ts';
import { IS_SOAK, SEED, randomFrom } from './random.ts';
import { WITHOUT_LIMITS, startCentre } from './start-centre.ts';

const KILLS = IS_SOAK ? 50 : 5;

test(
  `${KILLS} times kill -9 under a load of conversations: nothing acknowledged is lost or doubled, one owner, in = closed + open (EMCEE_SEED=${SEED})`,
  { timeout: KILLS * 60_000 },
  async () => {
    const random = randomFrom(SEED);
    const port = await freePort(); // browsers come back to the same port after a restart
    await using centre = await startCentre({
      agents: 2,
      words: [...WITHOUT_LIMITS, '--set', `ports.desktop-http=${port}`],
    });
    await using first = new Agent(centre, 'agent-1');
    await using second = new Agent(centre, 'agent-2');
    const agents = [first, second];
    for (const agent of agents) await agent.start();
    using load = new Load(centre, { customers: 8, messages: 4, pause: 50 });

    for (let kill = 0; kill < KILLS; kill++) {
      const before = load.acknowledged;
      await expect.poll(() => load.acknowledged, { timeout: 30_000 }).toBeGreaterThan(before + 10);
      await sleep(random(1_000));
      const database = await centre.postmaster();
      await centre.program.kill();
      if (random(2) === 0) process.kill(database, 'SIGKILL'); // as in a power cut; else it is adopted
      await centre.startAgain();
    }
    await load.finish();
    await expectNothingLost(centre, load.visitors, agents);
  },
);
