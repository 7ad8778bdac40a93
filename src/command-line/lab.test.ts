import { expect, test } from 'vitest';
import { portRow } from '#platform/ports/ports.ts';
import { LAB_PORT_OFFSET, labOptions } from './lab.ts';

/** Ports above 1023 that browsers refuse. @see Fetch standard §2.9, "bad port" */
const BAD_PORTS = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
];

test.each(['desktop-http', 'desktop-https'])(
  'browsers open the port of %s, in the lab too',
  (row) => {
    const { port } = portRow(row);
    expect(BAD_PORTS).not.toContain(port);
    expect(BAD_PORTS).not.toContain(port + LAB_PORT_OFFSET);
  },
);

test('labOptions() keeps the lab out of the real centre’s database and lets its options be overridden', () => {
  expect(labOptions({ data: '/somewhere', set: ['ports.offset=any'] })).toEqual({
    data: '/somewhere',
    set: ['desktop-server.lab=true', 'database.url=', 'ports.offset=5000', 'ports.offset=any'],
  });
});
