import { expect, test } from 'vitest';
import { isRefusedByBrowsers } from '#platform/ports/browser-ports.ts';
import { portRow } from '#platform/ports/ports.ts';
import { LAB_PORT_OFFSET, labOptions } from './lab.ts';

test.each(['desktop-http', 'desktop-https'])(
  'browsers open the port of %s, in the lab too',
  (row) => {
    const { port } = portRow(row);
    expect(isRefusedByBrowsers(port)).toBe(false);
    expect(isRefusedByBrowsers(port + LAB_PORT_OFFSET)).toBe(false);
  },
);

test('labOptions() keeps the lab out of the real centre’s database and lets its options be overridden', () => {
  expect(labOptions({ data: '/somewhere', set: ['ports.offset=any'] })).toEqual({
    data: '/somewhere',
    set: ['desktop-server.lab=true', 'database.url=', 'ports.offset=5000', 'ports.offset=any'],
  });
});
