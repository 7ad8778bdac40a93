/** The whole product as it starts by default, in one process, set up over its API for the bench `offer-latency`. */
import { ApiCaller } from '#servers/desktop-server/testing/api-caller.ts';
import { startProgram } from '../../../test/journeys/centre.ts';

export interface BenchQueue {
  readonly id: string;
  readonly agents: readonly string[];
  /** Of a program that may act for these agents: one may open so many sockets and no more. */
  readonly token: string;
}

export interface BenchCentre extends AsyncDisposable {
  readonly url: string;
  readonly queues: readonly BenchQueue[];
}

/** Why agents are not ready between two rounds. */
export const REASON = 'between-rounds';

const PASSWORD = 'a long enough password';

/** A limit for one caller; here one program acts for everybody. */
const NO_LIMIT = ['--set', 'desktop-server.requests-per-second=100000'];

/** Starts it, with so many queues and agents in each. Disposing it stops the program and removes its data. */
export async function startBenchCentre(queues: number, agentsEach: number): Promise<BenchCentre> {
  await using life = new AsyncDisposableStack();
  const program = life.use(await startProgram({ words: NO_LIMIT }));
  const [link] = await program.printed(/http\S+#set-up=\S+/);
  await program.printed(/emcee doctor says/);
  const { origin: url, hash } = new URL(link);
  const administrator = new ApiCaller(url);
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const { status, body: answer } = await administrator.send(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await send('POST', '/set-up', {
    token: hash.replace('#set-up=', ''),
    organisation: { name: 'Example organisation', language: 'en', timeZone: 'UTC' },
    administrator: { name: 'Administrator 1', login: 'admin', password: PASSWORD },
    queue: { name: 'Support' },
    agent: { name: 'Agent 0', login: 'agent0', password: PASSWORD },
  });
  await send('PUT', `/configuration/code/${REASON}`, { name: 'Between rounds', use: 'not-ready' });
  const made: BenchQueue[] = [];
  for (let q = 0; q < queues; q++) {
    const id = `queue-${q}`;
    const agents = Array.from({ length: agentsEach }, (_, n) => `agent-${q}-${n}`);
    for (const agent of agents) {
      await send('PUT', `/configuration/agent/${agent}`, {
        name: agent,
        login: agent,
        roles: ['agent'],
        capacity: { task: 1 },
      });
    }
    await send('PUT', `/configuration/queue/${id}`, {
      name: id,
      serves: { type: 'listed', agents },
    });
    await send('PUT', `/configuration/integration/${id}`, { name: id, roles: ['agent'] });
    const { token } = (await send('POST', `/integrations/${id}/token`)) as { token: string };
    made.push({ id, agents, token });
  }
  const running = life.move();
  return {
    url,
    queues: made,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
