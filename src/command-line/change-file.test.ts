import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Configuration } from '#domain/configuration/configuration.ts';
import { keptKinds, readChange, wholeOf } from './change-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'emcee-change-'));
afterAll(() => rmSync(directory, { recursive: true }));

const before = new Configuration();
const apply = (kind: 'organisation' | 'agent' | 'queue', id: string, body: object): boolean =>
  before.apply({ kind, id, revision: 1, retired: false, body: { name: id, ...body } });
apply('organisation', 'organisation', { language: 'en', timeZone: 'UTC' });
apply('agent', 'agent-1', {
  login: 'one',
  roles: ['administrator', 'agent'],
  skills: { french: 5 },
});
apply('queue', 'sales', {});

const FILE = join(directory, 'change.json');
const written = (documents: object): string => {
  writeFileSync(FILE, JSON.stringify({ format: 'emcee-configuration/1', documents }));
  return FILE;
};
const tried = (documents: object) => {
  const change = readChange(written(documents));
  const whole = wholeOf(FILE, change, before).map(({ kind, id }) => `${kind}/${id}`);
  return { whole, kept: keptKinds(change) };
};

test('what a change file does not name stays as it was', () => {
  const { whole, kept } = tried({
    queue: { east: { name: 'East', overflow: 'west' }, west: { name: 'West' } },
  });
  expect(kept).toEqual(['organisation', 'agent', 'schedule', 'code']);
  expect(whole.toSorted()).toEqual([
    'agent/agent-1',
    'organisation/organisation',
    'queue/east',
    'queue/west',
    'skill/french',
  ]);
});

test.each([
  [
    { east: { name: 'East', overflow: 'west' }, west: { name: 'West', overflow: 'east' } },
    '"queue.east.overflow": work would go round in circles',
  ],
  [
    { east: { name: 'East', serves: { type: 'skilled', skills: { norse: 1 } } } },
    '"queue.east.serves.skills.norse": there is no skill "norse" in use',
  ],
  [{ east: { name: 'East', overflows: 'west' } }, 'there is no such field'],
])('a change file that no centre would take is refused: %j', (queue, sentence) => {
  expect(() => tried({ queue })).toThrow(sentence);
});

test('what is no configuration is told in a sentence', () => {
  expect(() => readChange(written({}))).toThrow(`Cannot try "${FILE}": it names nothing`);
  writeFileSync(FILE, '{');
  expect(() => readChange(FILE)).toThrow(`Cannot try "${FILE}": it is no JSON: `);
  expect(() => readChange(directory)).toThrow(`Cannot read "${directory}": it is a directory`);
  const none = join(directory, 'none');
  expect(() => readChange(none)).toThrow(`Cannot read "${none}": there is no such file`);
});
