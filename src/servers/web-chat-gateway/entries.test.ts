import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { AgentId, EntryPointId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { DirectorDouble } from '../../../test/doubles/director.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { Entries } from './entries.ts';
import { followPresence } from './presence.ts';

const web = EntryPointId.parse('web');

function entriesWith(clock = new ManualClock(Date.UTC(2026, 0, 5, 12))) {
  const configuration = new Configuration();
  const put = (
    kind: 'queue' | 'agent' | 'entry-point',
    id: string,
    body: Record<string, unknown>,
  ) =>
    configuration.apply({ kind, id, revision: configuration.revision + 1, retired: false, body });
  put('queue', 'sales', { name: 'Sales' });
  put('agent', 'agent-1', { name: 'Agent 1', login: 'a', roles: ['agent'] });
  put('entry-point', 'web', { name: 'Shop', channel: 'web-chat', queue: 'sales' });
  const told: string[] = [];
  const entries = new Entries(configuration, clock, (id, state) =>
    told.push(`${id} ${state.availability}`),
  );
  return { entries, told, clock };
}

test('Entries tells of each change once, and only of entry points somebody asked for', () => {
  const { entries, told } = entriesWith();
  const centre = new Centre();
  entries.centre = centre;
  expect(entries.get(web)?.availability).toBe('nobody');
  const agent = AgentId.parse('agent-1');
  centre.apply({
    position: 1,
    at: 0,
    body: { type: 'agent-logged-in', agent, station: 's', channels: ['web-chat'] },
  });
  entries.refresh();
  entries.refresh();
  expect(told).toEqual(['web open']);
  expect(entries.get(EntryPointId.parse('none'))).toBeUndefined();
});

const silent = { centre: undefined, refresh() {} };

test('P01: presence follows the director, and heals by itself when the director comes back with other news', async () => {
  const { entries, told, clock } = entriesWith();
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const serving = centre.serve(mediaDirector, director.implementation());
  const client = centre.connect(mediaDirector, 'web-chat-gateway');
  const { health } = centre.platform('web-chat-gateway');
  entries.get(web);
  await using following = followPresence(client, entries, silent, { clock, health });
  await expect.poll(() => entries.get(web)?.availability).toBe('nobody');
  director.logIn('agent-1');
  await expect.poll(() => entries.get(web)?.availability).toBe('open');
  director.logOut('agent-1');
  await expect.poll(() => entries.get(web)?.availability).toBe('nobody');

  // it comes back having lost its journal: its cursor is refused, so a snapshot is taken anew
  await serving[Symbol.asyncDispose]();
  const other = new DirectorDouble();
  other.logIn('agent-1');
  centre.serve(mediaDirector, other.implementation());
  await expect
    .poll(() => {
      clock.advance(1_000);
      return entries.get(web)?.availability;
    })
    .toBe('open');
  expect([told.at(-1), following]).toEqual(['web open', following]);
});
