import { expect, test } from 'vitest';
import { idFromName } from './document-id.ts';

test.each([
  ['Support', 'support'],
  ['Großkunden & Ärzte', 'gro-kunden-a-rzte'],
  ['  Opening hours!  ', 'opening-hours'],
  ['日本', 'item'],
])('idFromName(%j) is %j', (name, id) => {
  expect(idFromName(name, new Set())).toBe(id);
});

test('idFromName() takes no id twice', () => {
  expect(idFromName('Support', new Set(['support', 'support-2']))).toBe('support-3');
});
