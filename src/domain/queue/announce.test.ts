import { expect, test } from 'vitest';
import { minutes, seconds } from '#base/time.ts';
import { announcementOf } from './announce.ts';

const texts = { place: 'You are number {place} in the line.', wait: 'It takes about {wait}.' };
const told = (prospect: Parameters<typeof announcementOf>[1], language = 'en', more = {}) =>
  announcementOf({ ...texts, ...more }, prospect, language);

test.each([
  ['several minutes', { least: minutes(2), most: minutes(5) }, '2–5 minutes'],
  ['parts of them, rounded outwards', { least: 130_000, most: 241_000 }, '2–5 minutes'],
  ['one', { least: seconds(20), most: seconds(50) }, '1 minute'],
  ['hardly any', { least: 0, most: 0 }, '1 minute'],
  ['up to some', { least: 0, most: minutes(3) }, '1–3 minutes'],
])('announcementOf() says %s as people do', (_, wait, words) => {
  expect(told({ place: 3, wait })).toBe(`You are number 3 in the line. It takes about ${words}.`);
});

test('announcementOf() speaks the language of the texts', () => {
  const wait = { least: minutes(1), most: minutes(4) };
  expect(told({ place: 1, wait }, 'de', { place: '', wait: 'Es dauert {wait}.' })).toBe(
    'Es dauert 1–4 Minuten.',
  );
});

test('announcementOf() leaves out what nobody knows, and says nothing where nothing is set', () => {
  expect(told({ place: 2 })).toBe('You are number 2 in the line.');
  expect(told({ place: 2 }, 'en', { place: '{place}, {most} min' })).toBe('');
  expect(told({ place: 2 }, 'en', { place: ' ', wait: '' })).toBe('');
});

test('announcementOf() fills in numbers alone, and leaves other braces as they are', () => {
  const wait = { least: minutes(2), most: minutes(5) };
  const given = { place: '{place}/{places}', wait: '{least} to {most} min {x}' };
  expect(told({ place: 2, wait }, 'en', given)).toBe('2/{places} 2 to 5 min {x}');
});
