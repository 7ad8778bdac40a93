import { describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import {
  AgentId,
  ConversationId,
  EntryPointId,
  InteractionId,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import type { Channel } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { entryState } from './entry-state.ts';

const web = EntryPointId.parse('web');
const NOON = Date.UTC(2026, 0, 5, 12); // a Monday

function configured(change: Record<string, unknown> = {}, serves: unknown = { type: 'everyone' }) {
  const configuration = new Configuration();
  const documents: [DocumentKind, string, Record<string, unknown>][] = [
    ['queue', 'sales', { name: 'Sales', serves }],
    ['agent', 'agent-1', { name: 'Agent 1', login: 'agent-1', roles: ['agent'] }],
    [
      'schedule',
      'office',
      {
        name: 'Office',
        timeZone: 'UTC',
        week: [[{ from: '09:00', to: '17:00' }], [], [], [], [], [], []],
      },
    ],
    [
      'entry-point',
      'web',
      {
        name: 'Shop',
        channel: 'web-chat',
        queue: 'sales',
        schedule: 'office',
        treatment: { greeting: 'Hello' },
        ...change,
      },
    ],
  ];
  for (const [at, [kind, id, body]] of documents.entries()) {
    configuration.apply({ kind, id, revision: at + 1, retired: false, body });
  }
  return configuration;
}

function centreWith(...channels: Channel[]): Centre {
  const centre = new Centre();
  const agent = AgentId.parse('agent-1');
  centre.apply({
    position: 1,
    at: 0,
    body: { type: 'agent-logged-in', agent, station: 's', channels },
  });
  return centre;
}

const availability = (configuration: Configuration, centre: Centre | undefined, at = NOON) =>
  entryState(web, { configuration, centre, at })?.availability;

test('P01: an agent who is logged in for it makes the entry point open, ready or not', () => {
  expect(availability(configured(), centreWith('web-chat'))).toBe('open');
});

test.each([
  ['nobody is logged in', configured(), new Centre(), 'nobody'],
  ['the agent is logged in for other media only', configured(), centreWith('email'), 'nobody'],
  [
    'the agent does not serve the queue',
    configured({}, { type: 'listed', agents: [] }),
    centreWith('web-chat'),
    'nobody',
  ],
] as const)('entryState() is "nobody" when %s', (_when, configuration, centre, expected) => {
  expect(availability(configuration, centre)).toBe(expected);
});

test('P01: a director that has not been heard makes nobody away', () => {
  expect(availability(configured(), undefined)).toBe('open');
});

test('entryState() tells when a closed entry point opens', () => {
  const early = Date.UTC(2026, 0, 5, 8);
  const state = entryState(web, { configuration: configured(), centre: undefined, at: early });
  expect(state).toEqual({
    availability: 'closed',
    opensAt: Date.UTC(2026, 0, 5, 9),
    name: 'Shop',
    greeting: 'Hello',
    closed: '',
    consent: '',
  });
});

test('entryState() knows no entry point of another medium, and none that is not there', () => {
  expect(availability(configured({ channel: 'email' }), undefined)).toBeUndefined();
  expect(availability(new Configuration(), undefined)).toBeUndefined();
});

describe('the queue behind the door', () => {
  const withQueue = (queue: object, ...others: [DocumentKind, string, object][]) => {
    const configuration = configured({ schedule: undefined });
    const documents: typeof others = [['queue', 'sales', { name: 'Sales', ...queue }], ...others];
    for (const [at, [kind, id, body]] of documents.entries()) {
      configuration.apply({ kind, id, revision: at + 10, retired: false, body: { ...body } });
    }
    return configuration;
  };
  const waiting = (count: number, more: object = {}) => {
    const centre = centreWith('web-chat');
    for (let n = 0; n < count; n++) {
      const id = WorkItemId.parse(newId());
      centre.items.set(id, { ...WAITS, ...more, id });
    }
    return centre;
  };
  const WAITS: OpenWorkItem = {
    id: WorkItemId.parse(newId()),
    conversation: ConversationId.parse(newId()),
    interaction: InteractionId.parse(newId()),
    channel: 'web-chat',
    queue: QueueId.parse('sales'),
    priority: 5,
    state: 'queued',
    enteredAt: 0,
    queuedAt: 0,
    since: 0,
    serviceLevelCounted: false,
  };

  test('makes it full while as many wait there as may, and nothing takes more', () => {
    const limited = withQueue({ limits: { waiting: 2 } });
    expect(availability(limited, waiting(1))).toBe('open');
    expect(availability(limited, waiting(2))).toBe('full');
    expect(availability(limited, waiting(9, { offline: true }))).toBe('open');
    const overflowing = withQueue({ limits: { waiting: 2 }, overflow: 'second' }, [
      'queue',
      'second',
      { name: 'Second' },
    ]);
    expect(availability(overflowing, waiting(2))).toBe('open');
  });

  test('makes it closed outside its hours, until both are open', () => {
    const office = withQueue({ schedule: 'office' });
    expect(availability(office, centreWith('web-chat'))).toBe('open');
    const at = NOON + 6 * 3_600_000;
    const state = entryState(web, { configuration: office, centre: centreWith('web-chat'), at });
    expect(state).toMatchObject({ availability: 'closed', opensAt: Date.UTC(2026, 0, 12, 9) });
  });

  test('passes on to where somebody must be there', () => {
    const nobody = withQueue({ schedule: 'office', overflow: 'night' }, [
      'queue',
      'night',
      { name: 'Night', serves: { type: 'listed', agents: [] } },
    ]);
    expect(availability(nobody, centreWith('web-chat'))).toBe('open');
    expect(availability(nobody, centreWith('web-chat'), NOON + 6 * 3_600_000)).toBe('nobody');
  });
});
