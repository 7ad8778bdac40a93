/** Seats per medium, from the signed file to what an agent is offered. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { ManualClock, minutes } from '#base/time.ts';
import {
  AgentId,
  ConversationId,
  InteractionId,
  QueueId,
  WorkItemId,
  type Channel,
} from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { CHECK_IN_EVERY, licenseDirector } from '#servers/license-director/contract.ts';
import { startLicenseDirector } from '#servers/license-director/server.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { startMediaDirector } from '#servers/media-director/server.ts';
import { ConfigurationDouble } from '../doubles/set-up.ts';
import { TestCentre } from '../doubles/test-centre.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function issue(limits: Record<string, number>): string {
  const signed = `${encode({ alg: 'EdDSA' })}.${encode({ issuedTo: 'Company 1', limits })}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

const agentId = (id: string): AgentId => AgentId.parse(id);

test('I05: who finds no seat for chat comes in without it and is offered the rest; nothing that runs stops', async () => {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'seats-'));
  life.defer(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'license-director'));
  const file = join(directory, 'license-director', 'license.jws');
  await writeFile(file, issue({ 'agents.web-chat': 1 }));

  const centre = new TestCentre();
  const clock = new ManualClock(Date.UTC(2026, 5, 1));
  const settings = { 'public-key': publicKey.export({ format: 'jwk' }).x, grace: 0 };
  const database = life.use(await testDatabase());
  const license = life.use(
    await startLicenseDirector(
      centre.platform('license-director', { clock, database, directory, settings }),
    ),
  );
  const manager = centre.connect(licenseDirector, 'desktop-server').call;
  await expect.poll(async () => (await manager.limits({})).file.state).toBe('valid');
  clock.advance(CHECK_IN_EVERY); // the register is complete: from here on it refuses

  const configuration = new ConfigurationDouble();
  configuration.put('queue', 'sales', { name: 'Sales' });
  for (const id of ['agent-1', 'agent-2', 'agent-3', 'agent-4']) {
    const capacity = id === 'agent-3' ? { 'web-chat': 1 } : { 'web-chat': 1, task: 1 };
    configuration.put('agent', id, { name: id, login: id, roles: ['agent'], capacity });
  }
  life.use(centre.serve(configurationServer, configuration.implementation()));
  life.use(await startMediaDirector(centre.platform('media-director', { database })));
  const desktop = centre.connect(mediaDirector, 'desktop-server').call;
  const store = centre.connect(mediaDirector, 'simple-messaging-media-store').call;

  const logIn = async (id: string) => {
    const { agent } = await desktop.logIn({ agent: agentId(id), station: `station of ${id}` });
    await desktop.setReadiness({ agent: agentId(id), readiness: { state: 'ready' } });
    return agent;
  };
  const submit = async (channel: Channel): Promise<WorkItemId> => {
    const id = WorkItemId.parse(newId());
    const conversation = ConversationId.parse(newId());
    const interaction = InteractionId.parse(newId());
    const about = { conversation, interaction, queue: QueueId.parse('sales') };
    await store.submit({ item: { id, channel, ...about, enteredAt: Date.now() } });
    return id;
  };
  const agentOf = async (id: WorkItemId) =>
    (await desktop.snapshot({})).items.find((item) => item.id === id)?.agent;

  await expect
    .poll(() => logIn('agent-1'), { timeout: 20_000 })
    .toMatchObject({
      channels: ['web-chat', 'task'],
    });
  expect(await logIn('agent-2')).toMatchObject({ channels: ['task'], without: ['web-chat'] });
  await expect(logIn('agent-3')).rejects.toMatchObject({ code: 'no-seat' }); // chat is all they do

  const chats = [await submit('web-chat'), await submit('web-chat')] as const;
  expect([await agentOf(chats[0]), await agentOf(chats[1])]).toEqual(['agent-1', undefined]);
  expect(await agentOf(await submit('task'))).toBe('agent-2');

  await license[Symbol.asyncDispose]();
  clock.advance(minutes(30));
  expect(await logIn('agent-4')).not.toHaveProperty('without', ['web-chat']);
  expect(await agentOf(chats[1])).toBe('agent-4');
});
