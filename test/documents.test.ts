/** Documents that repeat what the code says, held to it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TRANSITIONS, WORK_ITEM_STATES } from '#domain/work-item/state.ts';

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
function section(file: string, name: string): string[] {
  const text = readFileSync(file, 'utf8');
  const [, found = ''] =
    new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n?<!-- /${name} -->`).exec(text) ?? [];
  return found.split('\n');
}

test('ARCHITECTURE has the transition table of work items as the domain has it', () => {
  const rows = WORK_ITEM_STATES.flatMap((from) =>
    Object.entries(TRANSITIONS[from]).map(
      ([move, { to, by }]) => `| ${from} | ${move} | ${to} | ${by.join(', ')} |`,
    ),
  );
  expect(section('ARCHITECTURE.md', 'transitions')).toEqual([
    '| from | move | to | who may |',
    '|---|---|---|---|',
    ...rows,
  ]);
});
