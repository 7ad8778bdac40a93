import { isRefusedByBrowsers } from './browser-ports.ts';
import { expect, test } from 'vitest';
import { portRow, portRows, rowsOf, tlsTwin } from './ports.ts';

test('portRows() has every row once, and no port twice at the same component and transport', () => {
  const ids = portRows().map((row) => row.id);
  const ports = portRows().map((row) => `${row.destination} ${row.transport} ${row.port}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ports).size).toBe(ports.length);
});

test('portRow() gives the port a component listens on', () => {
  expect(portRow('media-director')).toMatchObject({ role: 'listens', port: 29087, tls: false });
});

test('portRow() refuses a name that is not in the matrix', () => {
  expect(() => portRow('fax')).toThrow('Cannot find row "fax" in the port matrix');
});

test('rowsOf() leaves out what a component only dials', () => {
  expect(rowsOf('application-management').map((row) => row.id)).toEqual([
    'app-management-multicast',
    'app-management',
  ]);
  expect(rowsOf('database')).toEqual([]);
});

test.each([
  ['media-director', 'media-director-secure'],
  ['other-gateways', 'simple-messaging-store-secure'],
  ['xml-server-streams', 'xml-server-streams-secure'],
  ['task-media-store', 'task-media-store-secure'],
  ['web-chat-gateway', undefined],
  ['desktop-http', 'desktop-https'],
  ['media-director-secure', undefined],
])('tlsTwin() of %s is %s', (row, twin) => {
  expect(tlsTwin(row)?.id).toBe(twin);
});

test('every multicast row names its group, who sends and who receives', () => {
  for (const row of portRows().filter((each) => each.role === 'multicast')) {
    expect(row).toMatchObject({
      group: '239.29.9.67',
      sends: row.destination,
      receives: expect.arrayContaining([expect.any(String)]),
    });
  }
});

test('isRefusedByBrowsers() knows the ports that no browser opens', () => {
  expect([8080, 8443, 10080, 6000].map(isRefusedByBrowsers)).toEqual([false, false, true, true]);
});
