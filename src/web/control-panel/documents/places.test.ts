import { expect, test } from 'vitest';
import { comparePlaces, newPlaces, partsOf } from './places.ts';

test('partsOf() takes a path apart, however carelessly it is written', () => {
  expect(partsOf(' Returns / Broken/')).toEqual(['Returns', 'Broken']);
  expect(partsOf('')).toEqual([]);
});

test('comparePlaces() puts a place before what is below it, and neighbours by name', () => {
  const places = ['b', 'a/b', '', 'a', 'a/a/z', 'a/c'].map(partsOf);
  expect(places.toSorted(comparePlaces).map((each) => each.join('/'))).toEqual([
    '',
    'a',
    'a/a/z',
    'a/b',
    'a/c',
    'b',
  ]);
});

test.each([
  { before: '', place: 'a/b', news: ['a', 'a/b'] },
  { before: 'a', place: 'a/b', news: ['a/b'] },
  { before: 'a/b', place: 'a/b', news: [] },
  { before: 'a/b', place: 'c/b', news: ['c', 'c/b'] },
  { before: 'a/b', place: 'a', news: [] },
])('newPlaces() names what begins with "$place" behind "$before"', ({ before, place, news }) => {
  expect(newPlaces(partsOf(before), partsOf(place)).map((each) => each.join('/'))).toEqual(news);
});
