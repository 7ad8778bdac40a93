/** One process of several is killed in the middle of calls to it: its parent starts it again, and everybody goes on. */
import { expect, test } from 'vitest';
import { freePort } from '../journeys/centre.ts';
import { Agent } from './agent.ts';
import { Load, expectNothingLost } from './conversations.ts';
import { WITHOUT_LIMITS, startCentre } from './start-centre.ts';

/** Each group in a process of its own, named by the component that calls go to. */
const PROCESSES = {
  'media-director': [],
  'simple-messaging-media-store': ['email-media-store', 'task-media-store'],
  'web-chat-gateway': [],
  'desktop-server': [],
  'configuration-server': [
    'database',
    'ttrace-server',
    'application-management',
    'license-director',
    'contact-directory',
    'ids-multimedia',
    'ids-view',
  ],
} as const;

test('each of five processes is killed once under a load of conversations: nothing is lost, all go on', async () => {
  const groups = Object.entries(PROCESSES).map(([name, others]) => [name, ...others].join(','));
  const port = await freePort(); // browsers come back to the same one
  await using centre = await startCentre({
    agents: 2,
    words: [
      ...WITHOUT_LIMITS,
      '--set',
      `ports.desktop-http=${port}`,
      ...groups.flatMap((group) => ['--run', group]),
    ],
  });
  await using first = new Agent(centre, 'agent-1');
  await using second = new Agent(centre, 'agent-2');
  const agents = [first, second];
  for (const agent of agents) await agent.start();
  using load = new Load(centre, { customers: 6, messages: 5, pause: 30 });

  for (const component of Object.keys(PROCESSES)) {
    const before = load.acknowledged;
    await expect.poll(() => load.acknowledged, { timeout: 30_000 }).toBeGreaterThan(before + 15);
    const killed = centre.processOf(component);
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => centre.processOf(component), { timeout: 30_000 }).not.toBe(killed);
  }
  await load.finish();
  await expectNothingLost(centre, load.visitors, agents);
}, 180_000);
