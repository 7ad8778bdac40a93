import { expect, test } from 'vitest';
import { WEBHOOK_EVENT_TYPES } from '../webhook-event-type.ts';
import { administratorsOf, checkDocument } from './check.ts';
import { Configuration } from './configuration.ts';
import type { DocumentKind } from './documents.ts';
import { initialDocuments } from './initial.ts';

const SCHEDULE = {
  name: 'Office hours',
  timeZone: 'Europe/Berlin',
  week: [[], [], [], [], [], [], []],
};

/** A small centre in use. */
function centre(): Configuration {
  const configuration = new Configuration();
  const put = (kind: DocumentKind, id: string, body: Record<string, unknown>): void =>
    void configuration.apply({ kind, id, body, revision: 1, retired: false });
  put('skill', 'german', { name: 'German' });
  put('agent', 'agent-1', { name: 'Agent 1', login: 'Agent.1', roles: ['administrator'] });
  put('agent', 'agent-2', { name: 'Agent 2', login: 'agent.2', roles: ['agent'] });
  put('queue', 'sales', { name: 'Sales' });
  put('entry-point', 'mail', {
    name: 'Mail',
    channel: 'email',
    address: 'sales@example.com',
    queue: 'sales',
  });
  put('canned-text', 'hello', { name: 'Hello', key: 'hi', text: 'Hello!' });
  return configuration;
}

const problemsOf = (kind: DocumentKind, id: string, body: unknown): string[] => {
  const checked = checkDocument(kind, id, body, centre());
  return checked.type === 'sound' ? [] : checked.problems.map((p) => `${p.path}: ${p.problem}`);
};

test('checkDocument() fills in defaults and leaves out what it does not know', () => {
  const body = { name: 'Support', colour: 'blue', serves: { type: 'listed', agents: ['agent-2'] } };
  expect(checkDocument('queue', 'support', body, centre())).toEqual({
    type: 'sound',
    body: {
      name: 'Support',
      serves: { type: 'listed', agents: ['agent-2'] },
      priority: 5,
      offerTimeout: 20_000,
      serviceLevel: { threshold: 20_000, target: 80 },
      wrapUp: { longest: 0, codeRequired: false },
      tier: 5,
      serviceObjective: 60_000,
      agentOrder: 'longest-idle',
      requirements: [],
      preferredWait: 0,
      transferWait: 60_000,
      limits: {},
      announcements: { place: '', wait: '' },
      signature: '',
      mayPull: false,
    },
  });
});

test.each<[string, DocumentKind, string, unknown, string[]]>([
  [
    'a queue of nobody there',
    'queue',
    'q',
    { name: 'Q', serves: { type: 'listed', agents: ['agent-2', 'nobody'] } },
    ['serves.agents.1: there is no agent "nobody" in use'],
  ],
  [
    'a queue of an unknown skill',
    'queue',
    'q',
    { name: 'Q', serves: { type: 'skilled', skills: { french: 3 } } },
    ['serves.skills.french: there is no skill "french" in use'],
  ],
  [
    'an agent of an unknown skill',
    'agent',
    'a',
    { name: 'A', login: 'a', roles: ['agent'], skills: { french: 3 } },
    ['skills.french: there is no skill "french" in use'],
  ],
  [
    'a login that is taken, in other letters',
    'agent',
    'a',
    { name: 'A', login: ' AGENT.1', roles: ['agent'] },
    ['login: another agent signs in as "AGENT.1"'],
  ],
  [
    'the same login for the same agent',
    'agent',
    'agent-1',
    { name: 'A', login: 'agent.1', roles: ['agent'] },
    [],
  ],
  [
    'an entry point to nowhere',
    'entry-point',
    'e',
    { name: 'E', channel: 'web-chat', queue: 'x', schedule: 'y' },
    ['queue: there is no queue "x" in use', 'schedule: there is no schedule "y" in use'],
  ],
  [
    'an address that is taken',
    'entry-point',
    'e',
    { name: 'E', channel: 'email', address: 'Sales@Example.com', queue: 'sales' },
    ['address: another entry point has the address "Sales@Example.com"'],
  ],
  [
    'the same address in another channel',
    'entry-point',
    'e',
    { name: 'E', channel: 'xmpp', address: 'sales@example.com', queue: 'sales' },
    [],
  ],
  [
    'an origin with a path',
    'entry-point',
    'e',
    {
      name: 'E',
      channel: 'web-chat',
      queue: 'sales',
      origins: ['https://example.com/', 'https://example.com/shop'],
    },
    [
      'origins.1: "https://example.com/shop" is no origin as "https://www.example.com", without a path',
    ],
  ],
  [
    'a code for an unknown queue',
    'code',
    'c',
    { name: 'C', use: 'work', queues: ['sales', 'x'] },
    ['queues.1: there is no queue "x" in use'],
  ],
  [
    "a reason of the product's own",
    'code',
    'no-answer',
    { name: 'C', use: 'not-ready' },
    ['id: the reason "no-answer" is the product\'s own'],
  ],
  [
    'a text key that is taken',
    'canned-text',
    't',
    { name: 'T', key: 'hi', text: 'x' },
    ['key: another canned text has the key "hi"'],
  ],
  ['no text key', 'canned-text', 't', { name: 'T', text: 'x' }, []],
  [
    'a second organisation',
    'organisation',
    'second',
    { name: 'O' },
    ['id: there is one organisation and its id is "organisation"'],
  ],
  [
    'a language that is none',
    'organisation',
    'organisation',
    { name: 'O', language: 'english!' },
    ['language: "english!" is no language tag as "en" or "pt-BR"'],
  ],
  [
    'a time zone that is none',
    'schedule',
    's',
    { ...SCHEDULE, timeZone: 'Europe/Nowhere' },
    ['timeZone: "Europe/Nowhere" is no time zone as "Europe/Berlin"'],
  ],
  [
    'spans that overlap',
    'schedule',
    's',
    {
      ...SCHEDULE,
      days: [
        {
          date: '2026-12-24',
          name: 'Eve',
          spans: [
            { from: '09:00', to: '12:00' },
            { from: '11:00', to: '13:00' },
          ],
        },
      ],
    },
    ['days.0.spans.1: 11:00 to 13:00 overlaps another span of that day'],
  ],
  [
    'a span that ends before it begins',
    'schedule',
    's',
    { ...SCHEDULE, week: [[], [{ from: '09:00', to: '08:00' }], [], [], [], [], []] },
    ['week.1.0: it ends at 08:00, not after it begins at 09:00'],
  ],
  [
    'a day twice',
    'schedule',
    's',
    {
      ...SCHEDULE,
      days: [
        { date: '2026-12-24', name: 'A', spans: [] },
        { date: '2026-12-24', name: 'B', spans: [] },
      ],
    },
    ['days.1.date: 2026-12-24 is there twice'],
  ],
  [
    'a webhook for an event there is none of',
    'webhook',
    'w',
    { name: 'W', url: 'https://crm.example', events: ['agent.*', '*'] },
    [`events.1: there is no event "*"; there are ${[...WEBHOOK_EVENT_TYPES].join(', ')}`],
  ],
  [
    'a webhook by file',
    'webhook',
    'w',
    { name: 'W', url: 'file:///etc/passwd' },
    ['url: it must begin with https:// or http://'],
  ],
  [
    'an id in capitals',
    'skill',
    'German',
    { name: 'German' },
    [
      'id: "German" is no id: an id is 1 to 64 of a-z, 0-9, ".", "_" and "-", and begins and ends with a letter or digit',
    ],
  ],
])('checkDocument() and %s', (_name, kind, id, body, problems) => {
  expect(problemsOf(kind, id, body)).toEqual(problems);
});

test('checkDocument() says where a shape is wrong', () => {
  const checked = checkDocument(
    'queue',
    'q',
    { name: 'Q', serviceLevel: { threshold: 1, target: 101 } },
    centre(),
  );
  expect(checked).toMatchObject({ type: 'invalid', problems: [{ path: 'serviceLevel.target' }] });
});

test('initialDocuments() are all sound', () => {
  const configuration = centre();
  for (const { kind, id, body } of initialDocuments()) {
    expect(checkDocument(kind, id, body, configuration)).toMatchObject({ type: 'sound' });
  }
});

test('administratorsOf() names who may administer', () => {
  expect(administratorsOf(centre())).toEqual(['agent-1']);
});
