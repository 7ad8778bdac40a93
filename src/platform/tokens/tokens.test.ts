import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openTokens, readTokenFile } from './tokens.ts';

const root = mkdtempSync(join(tmpdir(), 'emcee-tokens-'));
afterAll(() => rmSync(root, { recursive: true }));

function fresh(name: string): string {
  const directory = join(root, name);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

test('openTokens() gives a role the same token every time, and reads the role from it', () => {
  const directory = fresh('same');
  const token = openTokens(directory).tokenOf('media-director');
  expect(token).toMatch(/^media-director\.[\w-]{43}$/);
  expect(openTokens(directory).verify(token)).toBe('media-director');
});

test('Tokens.verify() refuses every changed, cut or foreign token', () => {
  const tokens = openTokens(fresh('one'));
  const token = tokens.tokenOf('ids-view');
  for (let at = 0; at < token.length; at++) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect(tokens.verify(changed)).toBeUndefined();
    expect(tokens.verify(token.slice(0, at))).toBeUndefined();
  }
  const mac = token.slice('ids-view'.length);
  expect(tokens.verify(`media-director${mac}`)).toBeUndefined();
  expect(tokens.verify(`${token}A`)).toBeUndefined();
  expect(tokens.verify(openTokens(fresh('two')).tokenOf('ids-view'))).toBeUndefined();
});

test('Tokens.writeFile() writes a file that its owner alone can read', () => {
  const tokens = openTokens(fresh('file'));
  const path = tokens.writeFile('command-line');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(readTokenFile(path)).toBe(tokens.tokenOf('command-line'));
});

test('readTokenFile() says in one sentence why a file cannot be used', () => {
  const path = openTokens(fresh('bad')).writeFile('command-line');
  chmodSync(path, 0o640);
  expect(() => readTokenFile(path)).toThrow(
    `Cannot use "${path}": other users of this machine may read it; run chmod 600 on it and restart`,
  );
  expect(() => readTokenFile(`${path}-missing`)).toThrow('there is none');
});

test('openTokens() refuses a secret that others may read', () => {
  const directory = fresh('open');
  openTokens(directory);
  chmodSync(join(directory, 'secret.key'), 0o644);
  expect(() => openTokens(directory)).toThrow('other users of this machine may read it');
});
