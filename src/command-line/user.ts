import type { Client } from '#base/contract.ts';
import { Agent, Role } from '#domain/configuration/documents.ts';
import { idOf } from '#domain/configuration/id-of.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { askSecret } from './ask-secret.ts';
import { connectRunning } from './connect.ts';
import { formatTable } from './table.ts';

type Configuration = Client<typeof configurationServer>;

export interface AddUserOptions {
  readonly name?: string;
  readonly role?: readonly string[];
  readonly email?: string;
}

/** As whom the configuration remembers the change. */
const BY = 'command-line';

/** `emcee user list` */
export async function listUsers(directory: string, options: { json?: boolean }): Promise<void> {
  await using client = connectRunning(configurationServer, directory);
  const agents = await agentsOf(client);
  if (options.json) {
    console.log(JSON.stringify(agents, undefined, 2));
    return;
  }
  console.log(
    formatTable([
      ['login', 'name', 'roles', 'state'],
      ...agents.map((agent) => [
        agent.login,
        agent.name,
        agent.roles.join(' '),
        agent.retired ? 'retired' : '',
      ]),
    ]),
  );
}

/** `emcee user add LOGIN`: a person who may sign in with the password that is asked for. */
export async function addUser(
  directory: string,
  login: string,
  options: AddUserOptions,
): Promise<void> {
  await using client = connectRunning(configurationServer, directory);
  const roles = (options.role ?? ['agent']).map((role) => {
    const known = Role.safeParse(role);
    if (known.success) return known.data;
    throw new Error(`Cannot give the role "${role}": there are ${Role.options.join(', ')}`);
  });
  const agents = await agentsOf(client);
  if (agents.some((agent) => agent.login === login)) {
    throw new Error(`Cannot add "${login}": there is one of that login already`);
  }
  const id = idOf(login, (taken) => agents.some((agent) => agent.id === taken));
  const body = { name: options.name ?? login, login, roles, email: options.email };
  const password = await askSecret(`Password of ${login}`);
  await client.call.put({ kind: 'agent', id, body, expected: 0, by: BY });
  await client.call.setPassword({ agent: id, password, by: BY });
  console.log(`Added ${login}.`);
}

/** `emcee user set-password LOGIN` */
export async function setPassword(directory: string, login: string): Promise<void> {
  await using client = connectRunning(configurationServer, directory);
  const agent = (await agentsOf(client)).find((each) => each.login === login);
  if (!agent)
    throw new Error(`Cannot set the password of "${login}": there is nobody of that login`);
  const password = await askSecret(`New password of ${login}`);
  await client.call.setPassword({ agent: agent.id, password, by: BY });
  console.log(`Set the password of ${login}.`);
}

async function agentsOf(client: Configuration) {
  const { documents } = await client.call.list({ kind: 'agent', retired: true });
  return documents.map(({ id, body, retired }) => ({ id, retired, ...Agent.parse(body) }));
}
