import { expect, test } from 'vitest';
import { SAMPLE_ADDRESS, SAMPLE_MAILBOX } from '#domain/configuration/sample.ts';
import { AgentId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { ApiCaller } from '../testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from '../testing/documents.ts';
import { startTestDesktopServer } from '../testing/test-desktop-server.ts';
import { POST_OFFICE_HOST } from './post-office.ts';

const MAILBOX = { name: 'Support', address: SAMPLE_ADDRESS, receive: { type: 'smtp' } };
const OWN = { host: 'mail.example', security: 'tls' };

test('the lab gives its mailbox a server to send by, but none that somebody changed', async () => {
  await using database = await testDatabase();
  const configuration = await fakeConfigurationServer({
    documents: [...SMALL_CENTRE, { kind: 'mailbox', id: SAMPLE_MAILBOX, body: MAILBOX }],
  });
  await using server = await startTestDesktopServer({
    database,
    configuration,
    messaging: new FakeMessagingStore(['website']),
    settings: { lab: true },
  });
  const { call } = server.configuration;
  const sending = async (): Promise<unknown> => {
    const { documents } = await call.list({ kind: 'mailbox' });
    return documents[0]?.body['send'];
  };
  const ours = { host: POST_OFFICE_HOST, port: expect.any(Number), security: 'none' };
  await expect.poll(sending).toMatchObject(ours);

  const put = (more: object) =>
    call.put({ kind: 'mailbox', id: SAMPLE_MAILBOX, body: { ...MAILBOX, ...more }, by: 'test' });
  await put({ name: 'Help' });
  await expect.poll(sending).toMatchObject(ours);

  await put({ send: OWN });
  const by = async (agent: string): Promise<ApiCaller> => {
    await call.setPassword({ agent: AgentId.parse(agent), password: PASSWORD, by: 'test' });
    const caller = new ApiCaller(server.url);
    await caller.outcome('POST', '/session', { login: agent, password: PASSWORD });
    return caller;
  };
  const letter = {
    name: 'Customer 1',
    address: 'customer1@home.example',
    to: SAMPLE_ADDRESS,
    subject: 'Hello',
    text: 'Hello',
  };
  const admin = await by('admin');
  expect(await admin.outcome('POST', '/../lab/letters', letter)).toBe('503 busy');
  expect(await sending()).toMatchObject(OWN);
  expect(await (await by('agent-1')).outcome('GET', '/../lab/letters')).toBe('403 forbidden');
});
