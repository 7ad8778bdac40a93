import { expect, test } from 'vitest';
import { TEMPLATE_FIELDS, unknownFields } from './template-fields.ts';

test('unknownFields() names each slip once, and knows fields however they are spaced and cased', () => {
  const all = TEMPLATE_FIELDS.map((name) => `{{${name}}}`).join(' ');
  expect(unknownFields(all)).toEqual([]);
  expect(unknownFields('{{ Customer.Name }} {{custmer.name}} {{a b}} {{custmer.name}}')).toEqual([
    'custmer.name',
    'a b',
  ]);
  expect(unknownFields('{single} {{}} {{ }}')).toEqual([]);
});
