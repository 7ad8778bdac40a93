import { expect, test } from 'vitest';
import { minutes, seconds } from '#base/time.ts';
import { checkDocument } from '#domain/configuration/check.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { DOCUMENTS } from '#domain/configuration/documents.ts';
import { Scope } from '../contract.ts';
import { effectiveSettings } from './effective-settings.ts';
import { isSame } from '#base/sorted.ts';
import { settingsChanges } from './settings-changes.ts';
import { encodeText, parseText } from './text.ts';
import { type Tries, isForgiven, triedAt, waitOf } from './throttle.ts';
import { unknownFields } from './unknown-fields.ts';

/** That many wrong passwords, each `apart` after the last, from 0 on. */
function tried(times: number, apart = 0): Tries {
  let tries: Tries | undefined;
  for (let n = 0; n < times; n++) tries = triedAt(tries, n * apart);
  return tries ?? { wrong: 0, last: 0 };
}

test.each([
  [1, 0],
  [4, 0],
  [5, seconds(1)],
  [6, seconds(2)],
  [10, seconds(32)],
  [11, minutes(1)],
  [1_000, minutes(1)],
])('waitOf() after %i wrong passwords in a row is %i ms', (times, wait) => {
  expect(waitOf(tried(times), 0)).toBe(wait);
});

test('waitOf() runs down and is forgiven', () => {
  const tries = tried(7);
  expect(waitOf(tries, seconds(3))).toBe(seconds(1));
  expect(waitOf(tries, seconds(4))).toBe(0);
  expect(waitOf(triedAt(tries, minutes(15)), minutes(15))).toBe(seconds(1)); // 7 - 3 + 1
  expect(isForgiven(tries, minutes(34))).toBe(false);
  expect(isForgiven(tries, minutes(35))).toBe(true);
});

test('waitOf() never holds up who mistypes now and then', () => {
  expect(waitOf(tried(1_000, minutes(5)), 999 * minutes(5))).toBe(0);
});

test('isSame() looks at what is said, not at the order of keys', () => {
  expect(isSame({ a: 1, b: { c: [1, 2], d: undefined } }, { b: { c: [1, 2] }, a: 1 })).toBe(true);
  expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});

test('unknownFields() finds what was written and not understood, however deep', () => {
  const schedule = { nmae: 'A', timeZone: 'UTC', week: [[{ from: '08:00', till: '12:00' }]] };
  expect(unknownFields(DOCUMENTS.schedule, schedule)).toEqual([
    { path: 'nmae', problem: 'there is no such field; perhaps "name" is meant' },
    { path: 'week.0.0.till', problem: 'there is no such field; there are from, to' },
  ]);
  const queue = {
    name: 'A',
    serves: { type: 'listed', agents: [], skills: {} },
    serviceLevel: { threshold: 1, targte: 80 },
    constructor: 1,
  };
  expect(unknownFields(DOCUMENTS.queue, queue).map(({ path }) => path)).toEqual([
    'serves.skills',
    'serviceLevel.targte',
    'constructor',
  ]);
  const agent = {
    name: 'A',
    login: 'a',
    roles: ['agent'],
    skills: { german: 1 },
    email: 'a@b.example',
  };
  expect(unknownFields(DOCUMENTS.agent, agent)).toEqual([]);
});

test('unknownFields() looks into requirements and the routing of the centre', () => {
  const french = { type: 'skill', skill: 'french', levle: 3 };
  const queue = {
    name: 'Q',
    requirements: [{ after: 0, requirement: { must: { type: 'all', of: [french] } } }],
    limits: { wating: 3 },
  };
  expect(unknownFields(DOCUMENTS.queue, queue).map(({ path }) => path)).toEqual([
    'requirements.0.requirement.must.of.0.levle',
    'limits.wating',
  ]);
  const organisation = { name: 'O', routing: { idle: { resetBy: 'any-channel', resets: true } } };
  expect(unknownFields(DOCUMENTS.organisation, organisation).map(({ path }) => path)).toEqual([
    'routing.idle.resets',
  ]);
});

test('parseText() brings back what encodeText() wrote of routing, and it is sound', () => {
  const german = { type: 'skill', skill: 'german', level: 5 };
  const site = { type: 'attribute', attribute: 'site', values: ['New York'] };
  const documents = [
    { kind: 'skill', id: 'german', body: { name: 'German' } },
    {
      kind: 'queue',
      id: 'sales',
      body: DOCUMENTS.queue.parse({
        name: 'Sales',
        serves: { type: 'matching', must: { type: 'any', of: [german, site] } },
        tier: 1,
        serviceObjective: 30_000,
        agentOrder: 'most-skilled',
        requirements: [
          { after: 0, requirement: { must: german, preferred: site } },
          { after: 30_000, requirement: { must: { type: 'at-least', count: 1, of: [site] } } },
        ],
        preferredWait: 10_000,
        mostPerAgent: 2,
        autoAcceptAfter: 0,
        limits: { waiting: 100, longestWait: 600_000 },
        offersPerMinute: 60,
        announcements: { place: 'You are number {place}.', wait: '{least} to {most} minutes' },
      }),
    },
    {
      kind: 'agent',
      id: 'agent-1',
      body: DOCUMENTS.agent.parse({
        name: 'Agent 1',
        login: 'agent.1',
        roles: ['agent'],
        attributes: { site: 'New York' },
        budget: 200,
      }),
    },
    {
      kind: 'organisation',
      id: 'organisation',
      body: DOCUMENTS.organisation.parse({
        name: 'O',
        routing: {
          ageing: 60_000,
          weights: { voice: 100 },
          interrupts: { voice: ['email'] },
          mostPerAgent: { email: 5 },
          idleContactReleases: 300_000,
        },
      }),
    },
  ] as const;
  const text = parseText(encodeText({ documents, settings: undefined }));
  if (text.type !== 'read') throw new Error('Cannot read what was written');
  const among = new Configuration();
  for (const { kind, id, body } of text.documents) {
    among.apply({ kind, id, body, revision: 1, retired: false });
  }
  const checked = text.documents.map(({ kind, id, body }) => checkDocument(kind, id, body, among));
  const sound = documents.map(({ body }) => ({ type: 'sound', body }));
  expect(checked).toEqual(expect.arrayContaining(sound));
});

test('encodeText() writes the same for the same, whatever the order', () => {
  const one = { kind: 'skill', id: 'a', body: { name: 'A' } } as const;
  const other = { kind: 'skill', id: 'b', body: { name: 'B', extra: { y: 1, x: 2 } } } as const;
  const settings = { everyone: { theme: 'dark', zoom: 2 } };
  const text = encodeText({ documents: [one, other], settings });
  expect(
    encodeText({ documents: [other, one], settings: { everyone: { zoom: 2, theme: 'dark' } } }),
  ).toBe(text);
  expect(parseText(text)).toEqual({ type: 'read', documents: [one, other], settings });
  expect(text.split('\n').slice(0, 6)).toEqual([
    '{',
    '  "format": "emcee-configuration/1",',
    '  "documents": {',
    '    "skill": {',
    '      "a": {',
    '        "name": "A"',
  ]);
});

test.each([
  '',
  'null',
  '[]',
  '{"format":"emcee-configuration/1","documents":{"colour":{}}}',
  '{"format":"emcee-configuration/1","documents":{},"more":1}',
  '{"format":"emcee-configuration/1","documents":{"skill":{"a":7}}}',
  '{"format":"emcee-configuration/1","documents":{},"settings":{"nobody":{}}}',
])('parseText() refuses %s', (text) => {
  expect(parseText(text).type).toBe('invalid');
});

test('settingsChanges() sets what differs and removes what is gone', () => {
  const before = { everyone: { a: 1, b: [1], c: 3 }, 'role:agent': { x: 1 } } as const;
  const wanted = { everyone: { a: 1, b: [2], d: 4 }, 'agent:agent-1': { y: 1 } } as const;
  expect(settingsChanges(before, wanted)).toEqual([
    { scope: 'everyone', values: { c: null, b: [2], d: 4 } },
    { scope: 'role:agent', values: { x: null } },
    { scope: 'agent:agent-1', values: { y: 1 } },
  ]);
});

test('effectiveSettings() lets a machine have the last word', () => {
  const set = (scope: string, value: number) => ({
    scope: Scope.parse(scope),
    name: 'zoom',
    value,
  });
  const values = [set('machine:m', 4), set('agent:a', 3), set('role:agent', 2), set('everyone', 1)];
  const who = { agent: 'a', roles: ['agent'], machine: 'm' } as const;
  expect(effectiveSettings(values, who)).toEqual({ zoom: { value: 4, scope: 'machine:m' } });
  expect(effectiveSettings(values, { roles: [] })).toEqual({
    zoom: { value: 1, scope: 'everyone' },
  });
});
