import { expect, test } from 'vitest';
import { formatUnit } from './service.ts';

const unit = {
  program: ['/usr/bin/node', '/opt/emcee/bin/emcee.js'],
  directory: '/var/lib/emcee',
  forSystem: true,
  set: [],
};

test('formatUnit() runs in an account of its own that owns nothing but the data', () => {
  const text = formatUnit(unit);
  expect(text).toContain('ExecStart=/usr/bin/node /opt/emcee/bin/emcee.js start\n');
  expect(text).toContain(
    'Environment=EMCEE_DATA=/var/lib/emcee\nDynamicUser=yes\nStateDirectory=emcee\n',
  );
  expect(text).toMatch(/WantedBy=multi-user\.target\n$/);
});

test('formatUnit() names the account that was asked for', () => {
  const text = formatUnit({ ...unit, user: 'emcee' });
  expect(text).toContain('User=emcee\n');
  expect(text).not.toContain('DynamicUser');
});

test('formatUnit() for one’s own user asks for nothing that only the system may', () => {
  const text = formatUnit({ ...unit, forSystem: false });
  expect(text).not.toMatch(/User=|DynamicUser|ProtectSystem/);
  expect(text).toMatch(/WantedBy=default\.target\n$/);
});

test('formatUnit() quotes what systemd would take apart or replace', () => {
  const text = formatUnit({ ...unit, directory: '/srv/a $b', set: ['doors.key=/x/50%$HOME "q"'] });
  expect(text).toContain('Environment="EMCEE_DATA=/srv/a $b"\n');
  expect(text).toContain('--set "doors.key=/x/50%%$$HOME \\"q\\""\n');
});
