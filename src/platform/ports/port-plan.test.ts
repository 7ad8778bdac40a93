import { expect, test } from 'vitest';
import { openSettings } from '#platform/settings/open-settings.ts';
import type { PortPlan } from './port-plan.ts';
import { addressSettings, isLoopback, planPorts, portSettings } from './port-plan.ts';

function plan(...flags: string[]): PortPlan {
  const catalog = { ports: portSettings, address: addressSettings };
  const settings = openSettings({ catalog, flags });
  return planPorts(settings.of('ports', portSettings), settings.of('address', addressSettings));
}

test.each([
  [[], 'media-director', { address: '127.0.0.1', port: 29087 }],
  [['ports.offset=100'], 'media-director', { address: '127.0.0.1', port: 29187 }],
  [['ports.offset=any'], 'media-director', { address: '127.0.0.1', port: 0 }],
  [
    ['ports.offset=100', 'ports.media-director=7'],
    'media-director',
    { address: '127.0.0.1', port: 7 },
  ],
  [['ports.media-director=off'], 'media-director', undefined],
  [['ports.desktop-http=0.0.0.0:80'], 'desktop-http', { address: '0.0.0.0', port: 80 }],
  [['ports.desktop-http=[::1]:80'], 'desktop-http', { address: '::1', port: 80 }],
])('placeOf() under %j opens %s at %j', (flags, row, place) => {
  expect(plan(...flags).placeOf(row)).toEqual(place);
});

test('placeOf() keeps a plain row on loopback where it has a TLS twin, and only there', () => {
  const opened = plan('address.media-director=192.0.2.7', 'address.ids-multimedia=192.0.2.8');
  expect(opened.placeOf('media-director')).toEqual({ address: '127.0.0.1', port: 29087 });
  expect(opened.placeOf('media-director-secure')).toEqual({ address: '192.0.2.7', port: 39087 });
  expect(opened.placeOf('ids-multimedia')).toEqual({ address: '192.0.2.8', port: 29081 });
});

test.each(['ports.media-director=70000', 'ports.media-director=host:1', 'address.switch=here'])(
  'the settings refuse %s',
  (flag) => {
    expect(() => plan(flag)).toThrow(
      /^Cannot use setting ".*" of --set: .* does not fit: (write|Too big)/,
    );
  },
);

test('isLoopback() knows what only this machine can reach', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.0.2.1', '127.0.0.1.example'].some(isLoopback)).toBe(false);
});
