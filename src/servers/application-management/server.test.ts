import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { type Publication, applicationManagement } from './contract.ts';
import { startApplicationManagement } from './server.ts';

const publication = (component: string, more: Partial<Publication> = {}): Publication => ({
  component,
  instance: `${component} 1`,
  version: '1.0.0',
  addresses: [{ row: component, url: 'ws://127.0.0.1:41001' }],
  parts: [],
  ...more,
});

async function start() {
  const clock = new ManualClock(Date.UTC(2026, 5, 1));
  const centre = new TestCentre();
  const sent: unknown[] = [];
  const inner = centre.platform('application-management', { clock });
  const beacons = { ...inner.beacons, send: (...notice: unknown[]) => void sent.push(notice) };
  const running = await startApplicationManagement({ ...inner, beacons });
  const as = (role: string) => centre.connect(applicationManagement, role);
  return { clock, sent, running, as };
}

test('components publish, are found, and are gone when they say so or say nothing', async () => {
  const { clock, running, as } = await start();
  await using _ = running;
  const director = as('media-director').call;
  expect(await director.publish(publication('media-director'))).toEqual({ lease: seconds(15) });
  await as('ids-view').call.publish(publication('ids-view'));
  const found = await as('desktop-server').call.find({ component: 'media-director' });
  expect(found.addresses).toEqual([{ row: 'media-director', url: 'ws://127.0.0.1:41001' }]);
  await as('ids-view').call.withdraw({ instance: 'media-director 1' }); // not its own
  await as('ids-view').call.withdraw({ instance: 'ids-view 1' });
  expect(await director.list({})).toMatchObject({
    applications: [{ component: 'media-director', state: 'good' }],
    state: 'good',
    problems: [],
  });
  for (let i = 0; i < 20; i++) {
    clock.advance(seconds(1));
    await Promise.resolve();
  }
  await expect.poll(async () => (await director.list({})).state).toBe('bad');
  expect((await director.find({ component: 'media-director' })).addresses).toEqual([]);
});

test('nobody publishes under the name of another', async () => {
  const { running, as } = await start();
  await using _ = running;
  await expect(as('ids-view').call.publish(publication('media-director'))).rejects.toMatchObject({
    code: 'not-yours',
    data: { component: 'media-director' },
  });
});

test('changes() tells what is known, then what changes, and not what is only renewed', async () => {
  const { running, as } = await start();
  await using _ = running;
  const view = as('ids-view').call;
  await view.publish(publication('ids-view'));
  const stop = new AbortController();
  const changes = as('desktop-server').follow.changes({ signal: stop.signal });
  const events = changes[Symbol.asyncIterator]();
  expect((await events.next()).value?.event).toMatchObject({ state: 'good' });
  await view.publish(publication('ids-view'));
  const parts = [{ part: 'board', state: 'degraded' as const, detail: 'It is late' }];
  await view.publish(publication('ids-view', { parts }));
  expect((await events.next()).value?.event).toMatchObject({ state: 'degraded', parts });
  await view.withdraw({ instance: 'ids-view 1' });
  expect((await events.next()).value?.event).toMatchObject({ state: 'gone' });
  stop.abort();
});

test('its own address goes out by multicast once it has published itself', async () => {
  const { clock, running, sent, as } = await start();
  await using _ = running;
  expect(sent).toEqual([]);
  const url = 'ws://127.0.0.1:41002';
  const addresses = [{ row: 'app-management', url }];
  const own = publication('application-management', { addresses });
  await as('application-management').call.publish(own);
  clock.advance(seconds(5));
  await expect.poll(() => sent).toEqual([['app-management-multicast', { url }]]);
});
