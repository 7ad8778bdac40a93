/** A whole centre, set up over its HTTP API as a program would: no browser takes part. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readAddresses } from '#platform/installation/address-file.ts';
import type { Opened } from '#platform/installation/address-file.ts';
import { ApiCaller } from '#servers/desktop-server/testing/api-caller.ts';
import { Emcee } from '../../examples/emcee.ts';
import { startProgram } from '../journeys/centre.ts';
import type { CentreOptions, RunningProgram } from '../journeys/centre.ts';

/** What the wizard gives the chat, and the queue behind it. */
export const ENTRY_POINT = 'website';
export const QUEUE = 'support';

/** Limits that are for strangers, lifted where a test is hundreds of visitors from one address. */
export const WITHOUT_LIMITS: readonly string[] = [
  'desktop-server.requests-per-second=100000',
  'web-chat-gateway.messages-per-session=1000000',
  ...['connects', 'openings', 'messages', 'connections'].map(
    (what) => `web-chat-gateway.${what}-per-address=1000000`,
  ),
].flatMap((setting) => ['--set', setting]);

/** A centre that has been set up, with a token that may do everything. */
export interface Centre extends AsyncDisposable {
  /** The program now: another one behind a restart. */
  program: RunningProgram;
  /** As `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly token: string;
  /** Acts for nobody. */
  readonly api: Emcee;
  /** Acts for an agent. */
  as(agent: string): Emcee;
  /** Everything the running program listens on, each row once. */
  opened(): Opened[];
  /** Where a row listens. @throws {Error} If it does not. */
  portOf(row: string): number;
  /** The process that runs a component. */
  processOf(component: string): number;
  /** The embedded database, which outlives a kill of the program. */
  postmaster(): Promise<number>;
  /** Starts the program again on the same data, as somebody would after a crash. */
  startAgain(): Promise<void>;
}

export interface CentreSetUp extends CentreOptions {
  /** Agents beside the administrator, `agent-1`, `agent-2` …, each with room for many chats. */
  readonly agents?: number;
  /** Of one agent. */
  readonly chats?: number;
}

/** Starts and sets up a centre. Disposing it stops the program and removes its data. */
export async function startCentre(options: CentreSetUp = {}): Promise<Centre> {
  await using life = new AsyncDisposableStack();
  const first = life.use(await startProgram(options));
  const [link] = await first.printed(/http\S+#set-up=\S+/);
  await first.printed(/emcee doctor says/);
  const { origin: url, hash } = new URL(link);
  const token = await setUp(url, hash.replace('#set-up=', ''), options);
  const api = new Emcee({ url, token });
  const addresses = () => readAddresses(first.data);
  const running = life.move();
  const centre: Centre = {
    program: first,
    url,
    token,
    api,
    as: (agent) => new Emcee({ url, token, agent }),
    opened() {
      const all = addresses().flatMap(({ opened }) => opened);
      return [...new Map(all.map((place) => [place.row, place])).values()];
    },
    portOf(row) {
      const place = centre.opened().find((each) => each.row === row);
      if (!place) throw new Error(`Nothing listens at "${row}"`);
      return place.port;
    },
    processOf(component) {
      const found = addresses().find((each) => each.component === component);
      if (!found) throw new Error(`Nothing runs "${component}"`);
      return found.pid;
    },
    async postmaster() {
      const file = join(first.data, 'database', 'cluster', 'postmaster.pid');
      return Number.parseInt(await readFile(file, 'utf8'), 10);
    },
    async startAgain() {
      centre.program = await startProgram({ ...options, data: first.data });
      await centre.program.printed(/emcee doctor says/);
    },
    async [Symbol.asyncDispose]() {
      if (centre.program !== first) await centre.program[Symbol.asyncDispose]();
      await running.disposeAsync();
    },
  };
  return centre;
}

export const PASSWORD = 'a long enough password';

/** What the wizard does, then agents and a token; resolves with the token. */
async function setUp(url: string, token: string, options: CentreSetUp): Promise<string> {
  const administrator = new ApiCaller(url);
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await administrator.send(method, path, body);
    expect(answer, `${method} ${path}`).toMatchObject({ status: 200 });
    return answer.body;
  };
  await send('POST', '/set-up', {
    token,
    organisation: { name: 'Example organisation', language: 'en', timeZone: 'UTC' },
    administrator: { name: 'Administrator 1', login: 'admin', password: PASSWORD },
    queue: { name: 'Support' },
    agent: { name: 'Agent 0', login: 'agent0', password: PASSWORD },
  });
  for (let number = 1; number <= (options.agents ?? 1); number++) {
    await send('PUT', `/configuration/agent/agent-${number}`, {
      name: `Agent ${number}`,
      login: `agent-${number}`,
      roles: ['agent'],
      capacity: { 'web-chat': options.chats ?? 100, task: 100 },
    });
  }
  await send('PUT', '/configuration/integration/weather', {
    name: 'Weather',
    roles: ['agent', 'supervisor', 'administrator'],
  });
  const issued = await send('POST', '/integrations/weather/token');
  return (issued as { token: string }).token;
}
