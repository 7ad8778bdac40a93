import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openSettings } from './open-settings.ts';
import { defineSettings } from './settings.ts';

const chat = defineSettings({
  'max-message': {
    schema: z.int().min(1).max(1_000_000),
    default: 32_000,
    unit: 'bytes',
    what: 'The longest message.',
    why: 'A page of text.',
  },
  grace: {
    schema: z.int().min(0),
    default: 60_000,
    unit: 'ms',
    what: 'How long a visitor may be gone.',
    why: 'A lift ride.',
  },
  open: { schema: z.boolean(), default: true, what: 'Whether chat is open.', why: 'It is.' },
  key: {
    schema: z.string().min(8),
    default: 'not-a-secret',
    secret: true,
    what: 'A key.',
    why: 'None.',
  },
});
const catalog = {
  '': { data: { schema: z.string(), default: './data', what: 'Where data is.', why: 'Near.' } },
  chat,
};

const folder = mkdtempSync(join(tmpdir(), 'emcee-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, 'settings.json');
  writeFileSync(path, content);
  return path;
}

test('openSettings() gives the defaults where nothing is set', () => {
  expect(openSettings({ catalog }).of('chat', chat)).toEqual({
    'max-message': 32_000,
    grace: 60_000,
    open: true,
    key: 'not-a-secret',
  });
});

test('openSettings() lets a flag override the environment, and that the file, and says where each came from', () => {
  const settings = openSettings({
    catalog,
    file: file('{ "chat": { "grace": 1, "open": false, "max-message": 1 }, "data": "/a" }'),
    environment: { EMCEE_CHAT_GRACE: '30 s', EMCEE_CHAT_MAX_MESSAGE: '2', EMCEE_CHAT_KEY: '' },
    flags: ['chat.max-message=64 KiB'],
  });
  expect(
    settings.effective.map(({ name, value, source, where }) => [name, value, source, where]),
  ).toEqual([
    ['data', '/a', 'file', join(folder, 'settings.json')],
    ['chat.max-message', 65_536, 'flag', '--set'],
    ['chat.grace', 30_000, 'environment', 'EMCEE_CHAT_GRACE'],
    ['chat.open', false, 'file', join(folder, 'settings.json')],
    ['chat.key', 'not-a-secret', 'default', ''],
  ]);
});

test('openSettings() reads names with dots in a file, switches in words, and a file that is not there', () => {
  expect(openSettings({ catalog, file: file('{"chat.open": "no"}') }).of('chat', chat).open).toBe(
    false,
  );
  expect(openSettings({ catalog, file: join(folder, 'absent') }).of('chat', chat).open).toBe(true);
});

test('openSettings() says in one sentence each what is wrong, where, and what to do', () => {
  expect(() =>
    openSettings({
      catalog,
      environment: { EMCEE_CHAT_GRACE: 'soon', EMCEE_CHAT_KEY: 'short', EMCEE_PORT: 'tcp://x' },
      flags: ['chat.max-mesage=1', 'fax.speed=9600'],
    }),
  ).toThrow(
    [
      'Cannot use setting "chat.grace" of EMCEE_CHAT_GRACE: "soon" (in ms) does not fit: Invalid input: expected number, received string',
      'Cannot use setting "chat.key" of EMCEE_CHAT_KEY: its value does not fit: Too small: expected string to have >=8 characters',
      'Cannot use setting "chat.max-mesage" of --set: there is no such setting; did you mean "chat.max-message"?',
      'Cannot use setting "fax.speed" of --set: there is no such setting; "emcee settings" lists all there are',
    ].join('\n'),
  );
});

test.each([
  ['{"chat": ', 'JSON'],
  ['[]', 'it must hold one JSON object'],
])('openSettings() refuses a settings file that holds %s', (content, reason) => {
  expect(() => openSettings({ catalog, file: file(content) })).toThrow(reason);
});

test('openSettings() refuses a flag without a value', () => {
  expect(() => openSettings({ catalog, flags: ['chat.open'] })).toThrow(
    'Cannot use "--set chat.open": write --set name=value, as in --set ports.offset=100',
  );
});
