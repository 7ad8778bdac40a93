/** The database is gone for a while: nobody is thrown out, nothing is lost, all of it goes on by itself. */
import { expect, test } from 'vitest';
import { AgentId } from '#domain/ids.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { openDatabaseProxy } from '../../../test/doubles/database-proxy.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { EventFollower } from './testing/event-follower.ts';
import { startTestDesktopServer } from './testing/test-desktop-server.ts';
import { WebhookReceiver } from './testing/webhook-receiver.ts';

test('while the database is gone those who are in go on, others are told to wait, and webhooks catch up', async () => {
  await using origin = await testDatabase();
  await using proxy = await openDatabaseProxy(origin.url);
  await using database = await openDatabase({ url: proxy.url, name: 'test' });
  await using receiver = new WebhookReceiver();
  await receiver.start();
  await using server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging: new FakeMessagingStore(),
    settings: { 'webhook-private-targets': true },
  });
  const agent = AgentId.parse('boss');
  await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  const credentials = { login: 'boss', password: PASSWORD };
  const caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', credentials);
  using events = new EventFollower(server.url, caller.headers);
  await events.follow(['work']);
  await server.configuration.call.put({
    kind: 'webhook',
    id: 'crm',
    body: { name: 'CRM', url: receiver.url, events: ['work-item.entered'] },
    by: 'test',
  });
  await expect
    .poll(() => database.query({ text: 'select 1 from desktop.webhooks' }))
    .toHaveLength(1);
  server.director.enter('sales');
  await expect.poll(() => receiver.received.length, { timeout: 5_000 }).toBe(1);

  proxy.cut();
  const item = server.director.enter('sales');
  await events.until(
    (frame) => frame.type === 'work' && frame.record.position === server.director.position,
  );
  expect(await caller.outcome('GET', '/centre')).toBe('200');
  expect(await new ApiCaller(server.url).outcome('POST', '/session', credentials)).toBe('503 busy');
  expect(events.closed).toBeUndefined();

  proxy.restore();
  await expect
    .poll(() => receiver.received.map(({ event }) => event.data['item']), { timeout: 20_000 })
    .toContain(item);
  await expect
    .poll(() => new ApiCaller(server.url).outcome('POST', '/session', credentials))
    .toBe('200');
  expect(events.items()).toHaveLength(2);
});
