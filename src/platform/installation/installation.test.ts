import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAddresses, writeAddresses } from './address-file.ts';
import { defaultDataDirectory, prepareDataDirectory } from './data-directory.ts';
import { applicationsDirectory, isClone, programRoot, programVersion } from './program.ts';
import { openSecretKey } from './secret-key.ts';

const root = mkdtempSync(join(tmpdir(), 'emcee-installation-'));
afterAll(() => rmSync(root, { recursive: true }));
const fresh = (name: string): string => prepareDataDirectory(join(root, name));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('the program knows where it lies', () => {
  expect(isClone).toBe(true);
  expect(programVersion).toMatch(/^\d+\.\d+\.\d+/);
  expect(applicationsDirectory).toBe(join(programRoot, 'dist/web'));
});

test('defaultDataDirectory() is in the clone, or where XDG says', () => {
  expect(defaultDataDirectory('/clone')).toBe('/clone/data');
  expect(defaultDataDirectory(undefined, { XDG_DATA_HOME: '/x' })).toBe('/x/emcee');
  expect(defaultDataDirectory(undefined, {})).toBe(join(homedir(), '.local/share/emcee'));
});

test('prepareDataDirectory() makes a directory that only its owner may enter', () => {
  const directory = fresh('a/b');
  expect(modeOf(directory)).toBe(0o700);
  chmodSync(directory, 0o755);
  expect(modeOf(prepareDataDirectory(directory))).toBe(0o700);
});

test('prepareDataDirectory() says in one sentence why a place cannot be used', () => {
  const path = join(root, 'file');
  writeFileSync(path, '');
  expect(() => prepareDataDirectory(path)).toThrow(
    `Cannot use the data directory "${path}": a file has its name; name another one by EMCEE_DATA`,
  );
});

test('openSecretKey() keeps one secret, readable by its owner alone', () => {
  const directory = fresh('secret');
  const sealed = openSecretKey(directory).seal('Grüße ✓', 'webhook-key');
  const again = openSecretKey(directory);
  expect(sealed).toMatch(/^v1\.[\w-]+$/);
  expect(again.open(sealed, 'webhook-key')).toBe('Grüße ✓');
  expect(again.seal('Grüße ✓', 'webhook-key')).not.toBe(sealed);
  expect(again.derive('cookies')).toEqual(openSecretKey(directory).derive('cookies'));
  expect(again.derive('cookies')).not.toEqual(again.derive('links'));
  expect(modeOf(join(directory, 'secret.key'))).toBe(0o600);
});

test('SecretKey.open() refuses what was changed, cut, or sealed for another purpose or elsewhere', () => {
  const key = openSecretKey(fresh('one'));
  const sealed = key.seal('text', 'purpose');
  for (let at = 3; at < sealed.length - 1; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(() => key.open(changed, 'purpose')).toThrow('Cannot open');
    expect(() => key.open(sealed.slice(0, at), 'purpose')).toThrow('Cannot open a sealed purpose');
  }
  expect(() => key.open(sealed, 'other')).toThrow('Cannot open a sealed other');
  expect(() => openSecretKey(fresh('two')).open(sealed, 'purpose')).toThrow(
    'sealed under another secret',
  );
});

test('openSecretKey() refuses a spoiled file instead of making a new secret', () => {
  const directory = fresh('spoiled');
  writeFileSync(join(directory, 'secret.key'), 'short\n');
  expect(() => openSecretKey(directory)).toThrow('must hold 32 bytes in hexadecimal; restore it');
  expect(readFileSync(join(directory, 'secret.key'), 'utf8')).toBe('short\n');
});

test('readAddresses() finds what components have opened, until they take it back', () => {
  const directory = fresh('addresses');
  expect(readAddresses(directory)).toEqual([]);
  const director = writeAddresses(directory, 'media-director', 'i1');
  const place = { row: 'media-director', address: '127.0.0.1', port: 4711, tls: false };
  const first = director.add(place);
  director.add({ ...place, row: 'media-director-secure', tls: true });
  writeAddresses(directory, 'ids-view', 'i2');
  first[Symbol.dispose]();
  writeFileSync(join(directory, 'addresses/half.json'), '{');
  expect(readAddresses(directory)).toEqual([
    { component: 'ids-view', instance: 'i2', pid: process.pid, opened: [] },
    {
      component: 'media-director',
      instance: 'i1',
      pid: process.pid,
      opened: [{ ...place, row: 'media-director-secure', tls: true }],
    },
  ]);
  director[Symbol.dispose]();
  expect(readAddresses(directory).map((each) => each.component)).toEqual(['ids-view']);
});
