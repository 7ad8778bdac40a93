import { expect, test } from 'vitest';
import { formatTable } from './table.ts';

test('formatTable() lays columns out, and leaves no blanks at the end of a line', () => {
  expect(
    formatTable([
      ['name', 'value', 'what'],
      ['ports.offset', '0', ''],
      ['é', '10', 'x'],
    ]),
  ).toBe(['name          value  what', 'ports.offset  0', 'é             10     x'].join('\n'));
});
