import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const LIST = 'src/servers/media-director/testing/README.md';

/** A row: the case, and the tests that are said to cover it. */
interface Listed {
  readonly id: string;
  readonly tests: readonly string[];
}

const listed = readFileSync(LIST, 'utf8')
  .split('\n')
  .flatMap((line): Listed[] => {
    const [, id, where] = /^\| ([RPS]\d\d) \|[^|]+\|(.+)\|$/.exec(line) ?? [];
    const tests = [...(where ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    return id === undefined ? [] : [{ id, tests }];
  });

/** The file of a test that is named as in the list. */
function fileOf(name: string): string | undefined {
  const places = [`src/servers/media-director/${name}`, `src/servers/${name}`, `src/${name}`, name];
  const endings = ['.test.ts', '.itest.ts', '.ts'];
  return globSync(places.flatMap((place) => endings.map((ending) => `${place}${ending}`)))
    .toSorted()
    .find((file) => /test\.ts$|suite\.ts$/.test(file));
}

test('every case of routing, presence and stuck work is listed once', () => {
  expect(listed.map(({ id }) => id)).toEqual([...new Set(listed.map(({ id }) => id))]);
  expect(listed).toHaveLength(35);
});

test.each(listed)(
  '$id is named in a title of every test that is listed for it',
  ({ id, tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    const without = tests.filter((name) => {
      const file = fileOf(name);
      const text = file ? readFileSync(file, 'utf8') : '';
      return !new RegExp(`['"\`][^'"\`\\n]*\\b${id}\\b`).test(text);
    });
    expect(without).toEqual([]);
  },
);
