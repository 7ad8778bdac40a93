import { expect, test } from 'vitest';
import { targetProblem } from './webhook-target.ts';

test.each([
  'https://127.0.0.1/x',
  'https://127.1',
  'https://0x7f.1',
  'https://2130706433',
  'https://0177.0.0.1',
  'https://127.0.0.1.',
  'https://１２７.0.0.1',
  'https://10.1.2.3:1',
  'https://169.254.169.254/latest',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[fd00::1]',
  'https://localhost',
  'https://LOCALHOST.',
  'https://x.localhost',
])('targetProblem() finds %s on no public internet, unless that is allowed', (target) => {
  expect(targetProblem(target, false)).toMatch(
    /^".+" is not on the public internet, which it must be unless desktop-server\.webhook-private-targets is set$/,
  );
  expect(targetProblem(target, true)).toBeUndefined();
});

test('targetProblem() wants TLS, unless it need not be', () => {
  expect(targetProblem('http://crm.example', false)).toMatch(
    /^it must begin with https:\/\/, unless/,
  );
  expect(targetProblem('http://crm.example', true)).toBeUndefined();
});

test.each(['https://user@crm.example', 'https://:secret@crm.example', 'http://a:b@10.0.0.1'])(
  'targetProblem() wants no secrets in %s',
  (target) => {
    expect(targetProblem(target, true)).toMatch(/^it must hold no user name and no password/);
  },
);

test.each([
  'https://crm.example/hook?a=1',
  'https://8.8.8.8',
  'https://[2606:4700::1]',
  'nonsense',
])('targetProblem() has nothing against %s', (target) => {
  expect(targetProblem(target, false)).toBeUndefined();
});
