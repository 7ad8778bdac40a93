import { expect, test } from 'vitest';
import { suggest } from './suggestions.ts';

const nameable = {
  skills: [
    { value: 'french', label: 'Français' },
    { value: 'billing', label: 'Billing' },
  ],
  attributes: new Map([
    ['site', new Set(['berlin', 'New York'])],
    ['floor', new Set(['2'])],
  ]),
};

test.each([
  ['', ['french', 'billing', 'site: ', 'floor: ']],
  ['fr', ['french']],
  ['franç', ['french']],
  ['french', []],
  ['french>=5 ', ['french>=5 and ', 'french>=5 or ']],
  ['french>=5', []],
  ['french and b', ['french and billing']],
  [
    'french and (',
    ['french and (french', 'french and (billing', 'french and (site: ', 'french and (floor: '],
  ],
  ['2 of (french,b', ['2 of (french, billing']],
  ['site:', ['site: berlin', 'site: "New York"']],
  ['site: new', ['site: "New York"']],
  ['site: berlin | ', ['site: berlin | berlin', 'site: berlin | "New York"']],
  ['french and site: b', ['french and site: berlin']],
  ['site: berlin ', ['site: berlin and ', 'site: berlin or ']],
  ['brand', []],
  ['unknown: x', []],
])('suggest() after %j', (text, texts) => {
  expect(suggest(text, nameable).map((each) => each.text)).toEqual(texts);
});
