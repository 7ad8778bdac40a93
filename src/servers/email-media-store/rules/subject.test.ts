import { expect, test } from 'vitest';
import { plainSubject } from './subject.ts';

test.each([
  ['Re: My order', 'my order'],
  ['RE: AW: Re: My order', 'my order'],
  ['SV: VS: My order', 'my order'],
  ['Re[2]: My order', 'my order'],
  ['RE (3): My  order ', 'my order'],
  ['Antwort: WG: Fwd: My order', 'my order'],
  ['RIF: I: R: My order', 'my order'],
  ['Odp: PD: My order', 'my order'],
  ['回复：转发：My order', 'my order'],
  ['Regarding: my order', 'regarding: my order'],
  ['Re my order', 're my order'],
  ['', ''],
  ['Re:', ''],
])('E17: plainSubject() of "%s" is "%s"', (subject, plain) => {
  expect(plainSubject(subject)).toBe(plain);
});

test('plainSubject() of a subject made of prefixes takes no longer than it is long', () => {
  expect(plainSubject('Re: '.repeat(250))).toMatch(/^(?:re: ?)*$/);
});
