import { expect, test } from 'vitest';
import { checkDocument } from './check.ts';
import { Configuration } from './configuration.ts';
import type { DocumentKind } from './documents.ts';

const skill = (id: string) => ({ type: 'skill', skill: id });

/** Support overflows to sales, sales to nobody; two others go round in circles. */
function centre(): Configuration {
  const configuration = new Configuration();
  const put = (kind: DocumentKind, id: string, body: Record<string, unknown>): void =>
    void configuration.apply({ kind, id, body, revision: 1, retired: false });
  put('skill', 'german', { name: 'German' });
  put('queue', 'sales', { name: 'Sales' });
  put('queue', 'support', { name: 'Support', overflow: 'sales' });
  for (let n = 1; n <= 11; n++) {
    put('queue', `chain-${n}`, { name: 'Chain', ...(n < 11 && { overflow: `chain-${n + 1}` }) });
  }
  put('queue', 'east', { name: 'East', overflow: 'west' });
  put('queue', 'west', { name: 'West', overflow: 'east' });
  return configuration;
}

test.each<[string, DocumentKind, string, object, string[]]>([
  ['an overflow', 'queue', 'sales', { overflow: 'east' }, []],
  [
    'an overflow to itself',
    'queue',
    'sales',
    { overflow: 'sales' },
    ['overflow: a queue cannot overflow to itself'],
  ],
  [
    'an overflow that comes back',
    'queue',
    'sales',
    { overflow: 'support' },
    ['overflow: work would go round in circles: sales → support → sales'],
  ],
  [
    'an overflow that goes on and on',
    'queue',
    'sales',
    { overflow: 'chain-1' },
    ['overflow: work would pass through more than 10 other queues'],
  ],
  [
    'an overflow to nowhere',
    'queue',
    'sales',
    { overflow: 'nowhere' },
    ['overflow: there is no queue "nowhere" in use'],
  ],
  [
    'more of a list than it holds',
    'queue',
    'sales',
    {
      serves: {
        type: 'matching',
        must: { type: 'all', of: [{ type: 'at-least', count: 3, of: [skill('german')] }] },
      },
    },
    ['serves.must.of.0: nobody meets 3 of 1'],
  ],
  [
    'steps of unknown skills and too short lists',
    'queue',
    'sales',
    {
      requirements: [
        { after: 0, requirement: { must: skill('french') } },
        {
          after: 1_000,
          requirement: { preferred: { type: 'at-least', count: 2, of: [skill('german')] } },
        },
      ],
    },
    [
      'requirements.0.requirement.must.skill: there is no skill "french" in use',
      'requirements.1.requirement.preferred: nobody meets 2 of 1',
    ],
  ],
  [
    'the same at an entry point',
    'entry-point',
    'website',
    {
      channel: 'web-chat',
      queue: 'sales',
      requirements: [
        {
          after: 0,
          requirement: { must: { type: 'at-least', count: 2, of: [skill('german')] } },
        },
      ],
    },
    ['requirements.0.requirement.must: nobody meets 2 of 1'],
  ],
  [
    'a channel that interrupts itself',
    'organisation',
    'organisation',
    { routing: { interrupts: { voice: ['email', 'voice'], email: ['task'] } } },
    ['routing.interrupts.voice: a channel cannot interrupt itself'],
  ],
])('checkDocument() says of %s what is wrong, and where', (_, kind, id, body, problems) => {
  const checked = checkDocument(kind, id, { name: 'Name', ...body }, centre());
  const found = checked.type === 'sound' ? [] : checked.problems;
  expect(found.map(({ path, problem }) => `${path}: ${problem}`)).toEqual(problems);
});
