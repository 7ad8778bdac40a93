import { expect, test } from 'vitest';
import { newId } from './id.ts';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('newId() makes UUIDs of version 7 that begin with their time, each once', () => {
  const made = Array.from({ length: 10_000 }, () => newId(0x01_8e_09_0a_5d_ac));
  expect(made.every((id) => UUID_7.test(id) && id.startsWith('018e090a-5dac-7'))).toBe(true);
  expect(new Set(made).size).toBe(made.length);
  expect(newId(0.5)).toMatch(/^00000000-0000-7/);
  expect([newId(2_000), newId(1_000)].toSorted()[0]).toMatch(/^00000000-03e8-7/);
});
