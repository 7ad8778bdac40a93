/** The architecture of STYLE, as a test: who may import whom, and where SQL and ports may stand. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { portRows } from '#platform/ports/ports.ts';

/** The floors of the house, lowest first, each with the floors it stands on. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  base: [],
  domain: ['base'],
  platform: ['base'],
  ui: ['base', 'domain'],
  servers: ['base', 'domain', 'platform'],
  plugins: ['base', 'domain', 'platform'],
  web: ['base', 'domain', 'ui'],
  'command-line': ['base', 'domain', 'platform', 'servers'],
  'main.ts': ['base', 'domain', 'platform', 'servers', 'command-line'],
};

/** On these floors every folder is a room of its own, with `contract.ts` for its door. */
const HAS_ROOMS = new Set(['servers', 'web', 'plugins']);

/** Whose files may use any room's contract. */
const USES_CONTRACTS = new Set(['servers', 'plugins', 'web', 'ui']);

/** Where a statement in SQL may stand beside `tables.ts` and `*.sql`. */
const SQL_ROOMS = /^src\/platform\/(?:database|journal|bus|backup)\//;

interface Import {
  readonly from: string;
  readonly to: string;
}

const sources = globSync('src/**/*.{ts,tsx}')
  .filter((file) => !file.endsWith('.config.ts') && !file.endsWith('.d.ts'))
  .toSorted();
const isTest = (file: string): boolean =>
  /\.i?test\.tsx?$/.test(file) || basename(file) === 'suite.ts';

const code = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));
const imports = sources.flatMap((from) => importsOf(from).map((to): Import => ({ from, to })));

/** What a file imports: paths from the root for files of ours, else the package's name. */
function importsOf(file: string): string[] {
  const text = code.get(file) ?? '';
  return [...text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"](?<to>[^'"]+)['"]/gm)]
    .concat([...text.matchAll(/\bimport\s*\(\s*['"](?<to>[^'"]+)['"]/g)])
    .concat([...text.matchAll(/^\s*import\s*['"](?<to>[^'"]+)['"]/gm)])
    .map((match) => match.groups?.['to'] ?? '')
    .map((to) => {
      if (to.startsWith('#')) return join('src', to.slice(1));
      return to.startsWith('.') ? join(dirname(file), to) : to;
    });
}

function isAllowed({ from, to }: Import): boolean {
  if (!to.startsWith('src/')) return true;
  const [, fromFloor = '', fromRoom] = from.split('/');
  const [, toFloor = '', toRoom] = to.split('/');
  if (STANDS_ON[fromFloor]?.includes(toFloor) && !HAS_ROOMS.has(toFloor)) return true;
  if (['main.ts', 'command-line'].includes(fromFloor)) return true;
  if (!HAS_ROOMS.has(fromFloor) && fromFloor === toFloor) return true;
  if (fromFloor === toFloor && fromRoom === toRoom) return true;
  if (isTest(from) && to.endsWith('/fake.ts')) return true;
  return USES_CONTRACTS.has(fromFloor) && isDoor(to);
}

/** `contract.ts`, the parts it is made of, or for desktop-server its API. */
const isDoor = (file: string): boolean =>
  /^src\/servers\/[^/]+\/(?:contract\.ts$|contract\/|api\/)/.test(file);

test('every import goes down a floor, stays in its room, or goes through a contract', () => {
  expect(imports.filter((each) => !isAllowed(each))).toEqual([]);
});

test('a contract imports base, domain, other contracts and zod alone', () => {
  const faults = imports.filter(
    ({ from, to }) =>
      isDoor(from) &&
      !isTest(from) &&
      !isDoor(to) &&
      !/^src\/(?:base|domain)\//.test(to) &&
      to !== 'zod',
  );
  expect(faults).toEqual([]);
});

test('base and domain import no package but zod and the polyfill of Temporal, and nothing of Node', () => {
  const faults = imports.filter(
    ({ from, to }) =>
      /^src\/(?:base|domain)\//.test(from) &&
      !isTest(from) &&
      !to.startsWith('src/') &&
      !['zod', 'temporal-polyfill'].includes(to),
  );
  expect(faults).toEqual([]);
});

test('no file imports in a circle', () => {
  const next = Map.groupBy(imports, (each) => each.from);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(circles).toEqual([]);
});

test('no file only hands on what others export', () => {
  const barrels = sources.filter(
    (file) =>
      /^index\.tsx?$/.test(basename(file)) || /^\s*export\s*\*\s*from/m.test(code.get(file) ?? ''),
  );
  expect(barrels).toEqual([]);
});

test('SQL stands in tables.ts, *.sql and the rooms of platform that are made for it', () => {
  const statement =
    /[`'"]\s*(?:select\s[^`'"]+\sfrom\s|insert into\s|update\s+[\w.$&#123;}]+\s+set\s|delete from\s|create (?:table|index|schema)\s|with\s\w+\s+as\s*\()/i;
  const faults = sources.filter(
    (file) =>
      !isTest(file) &&
      !SQL_ROOMS.test(file) &&
      !/(?:\/tables\/|[/-](?:tables|statements)\.ts$)/.test(file) &&
      !/^src\/(?:web|ui)\//.test(file) &&
      statement.test(code.get(file) ?? ''),
  );
  expect(faults).toEqual([]);
});

test('no number of the port matrix stands outside it', () => {
  const numbers = portRows()
    .flatMap((row) => [row.port, ...(row.portRange ?? [])])
    .filter((port) => port > 999 && !MEAN_OTHER_THINGS.has(port));
  const pattern = new RegExp(`(?<![\\d_.])(?:${numbers.join('|')})(?![\\d_.])`);
  const faults = sources.filter(
    (file) =>
      !file.startsWith('src/platform/ports/') &&
      pattern.test(withoutComments(code.get(file) ?? '')),
  );
  expect(faults).toEqual([]);
});

/** Milliseconds, and the number that PostgreSQL puts in the name of its socket. */
const MEAN_OTHER_THINGS = new Set([1500, 5432, 30_000]);

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
