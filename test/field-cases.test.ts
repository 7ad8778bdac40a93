import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Where the cases of a field are listed, and how many there are. */
const LISTS = [
  { room: 'media-director', cases: /^\| ([RPS]\d\d) \|[^|]+\|(.+)\|$/, count: 35 },
  { room: 'email-media-store', cases: /^\| ([EM]\d\d) \|[^|]+\|(.+)\|$/, count: 19 },
] as const;

/** A row: the case, and the tests that are said to cover it. */
interface Listed {
  readonly id: string;
  readonly room: string;
  readonly tests: readonly string[];
}

const listedOf = ({ room, cases }: (typeof LISTS)[number]): Listed[] =>
  readFileSync(`src/servers/${room}/testing/README.md`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, where] = cases.exec(line) ?? [];
      const tests = [...(where ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
      return id === undefined ? [] : [{ id, room, tests }];
    });

/** The files of a test that is named as in a list. */
function filesOf(name: string, room: string): string[] {
  const places = [`src/servers/${room}/${name}`, `src/servers/${name}`, `src/${name}`, name];
  const endings = ['.test.ts', '.itest.ts', '.ts'];
  return globSync(places.flatMap((place) => endings.map((ending) => `${place}${ending}`))).filter(
    (file) => /test\.ts$|suite\.ts$/.test(file),
  );
}

test.each(LISTS)('every case of $room is listed once', (list) => {
  const ids = listedOf(list).map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toHaveLength(list.count);
});

test.each(LISTS.flatMap(listedOf))(
  '$id is named in a title of every test that is listed for it',
  ({ id, room, tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    const without = tests.filter((name) => {
      const texts = filesOf(name, room).map((file) => readFileSync(file, 'utf8'));
      return !texts.some((text) => new RegExp(`['"\`][^'"\`\\n]*\\b${id}\\b`).test(text));
    });
    expect(without).toEqual([]);
  },
);
