import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guard, unguard } from '#base/csv-guard.ts';
import { AddressKind, type Contact, ContactAddress } from '#domain/contact.ts';
import { ContactId } from '#domain/ids.ts';
import { csvLineOf, CSV_HEADER, splitCsv } from '../csv.ts';
import { addressKey, isSameAddress, numberOf } from './address-key.ts';
import { KnownContacts } from './known-contacts.ts';
import { piecesOf } from './pieces.ts';
import { planRow } from './plan-row.ts';
import { readRows } from './read-rows.ts';
import { searchTerms, searchedAddresses, searchedName } from './search-terms.ts';

const phone = (value: string) => ({ kind: 'phone', value }) as const;

test.each([
  ['+49 30 1234567', '0049 (30) 123-4567', true],
  ['+49 (0)30 1234567', '030 1234567', true],
  ['030 1234567', '30/1234567', true],
  ['+49 30 1234567', '+43 30 1234567', false], // two countries
  ['01 23 45 67 89', '+33 1 23 45 67 89', true],
  ['(555) 123-4567', '+1 555 123 4567', true],
  ['1 555 123 4567', '555 123 4567', true],
  ['030 123456', '+49 30 123456', false], // 8 digits are the same in many towns
  ['030 123456', '040 123456', false],
  ['4711', '+49 30 4711', false],
  ['4711', '4711', true],
  ['tel:+49-30-1234567', '+49301234567', true],
  ['+49 30 1234567 ext. 12', '+49 30 1234567', true],
  ['+49 30 1234567', '+49 30 12345678', false],
  ['112', '0112', true],
  ['MyBank', 'mybank', true], // the sender of a text message
  ['MyBank', 'MyBank2', false],
])('isSameAddress() of %s and %s is %s', (one, other, isSame) => {
  expect(isSameAddress(phone(one), phone(other))).toBe(isSame);
  expect(isSameAddress({ kind: 'sms', value: other }, phone(one))).toBe(isSame);
});

test('isSameAddress() compares e-mail and XMPP without case, and chats exactly', () => {
  const same = (kind: AddressKind, one: string, other: string): boolean =>
    isSameAddress({ kind, value: one }, { kind, value: other });
  expect(same('email', 'A@Example.com', ' a@example.COM ')).toBe(true);
  expect(same('email', 'a@example.com', 'a+b@example.com')).toBe(false);
  expect(same('xmpp', 'a@example.com/phone', 'A@example.com/desk')).toBe(true);
  expect(same('chat', 'abc', 'ABC')).toBe(false);
  expect(isSameAddress({ kind: 'email', value: 'x' }, { kind: 'xmpp', value: 'x' })).toBe(false);
});

test('isSameAddress() holds for no two numbers that are looked up under different keys', () => {
  const number = fc
    .tuple(fc.constantFrom('+', '00', '0', ''), fc.stringMatching(/^[1-9]\d{2,13}$/))
    .map(([prefix, digits]) => phone(prefix + digits));
  fc.assert(
    fc.property(number, fc.nat(6), fc.constantFrom('+', '0', ''), (one, cut, prefix) => {
      const other = phone(prefix + (numberOf(one.value)?.digits.slice(cut) || '1'));
      fc.pre(isSameAddress(one, other));
      expect(addressKey(one)).toEqual(addressKey(other));
      expect(isSameAddress(other, one)).toBe(true);
    }),
  );
});

test.each([
  ['Anna Müller', { name: 'anna muller', beginnings: ['anna', 'muller'], part: 'annamuller' }],
  ['an', { name: 'an', beginnings: ['an'] }],
  ['+49 (30) 12', { name: '49 30 12', beginnings: ['49', '30', '12'], part: '493012' }],
  ['0049 30', { name: '0049 30', beginnings: ['0049', '30'], part: '4930' }],
  ['000', { name: '000', beginnings: ['000'], part: '000' }],
  ['@example', { name: 'example', beginnings: ['example'], part: '@example' }],
  ['...', undefined],
  ['\0', undefined],
])('searchTerms(%j) is %j', (text, terms) => {
  expect(searchTerms(text)).toEqual(terms);
});

test('searchTerms() finds a name by the beginnings of its words, in any order and spelling', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(), (name, seed) => {
      const words = searchedName(name).split(' ').filter(Boolean).slice(0, 8);
      const typed = words
        .map((word) => word.slice(0, 1 + (seed % word.length)))
        .toReversed()
        .join(' ');
      const terms = searchTerms(typed.toUpperCase());
      for (const word of terms?.beginnings ?? [])
        expect(` ${searchedName(name)}`).toContain(` ${word}`);
    }),
  );
});

test('searchedAddresses() holds each once, as it can be searched', () => {
  const addresses: ContactAddress[] = [
    { kind: 'phone', value: '+49 (0)30 123' },
    { kind: 'sms', value: '0049 30 123' },
    { kind: 'phone', value: '030 123' },
    { kind: 'email', value: 'Jörg@Example.com' },
  ];
  expect(searchedAddresses(addresses)).toBe('+4930123\n30123\njorg@example.com');
});

test.each([
  ['', []],
  [' ', []],
  [' m', [' m']],
  ['mu', []],
  [' mu', [' mu']],
  ['🙂ab🙂', ['🙂ab', 'ab🙂']],
])('piecesOf(%j) is %j', (text, pieces) => {
  expect(piecesOf(text)).toEqual(pieces);
});

test('guard() leaves nothing that a spreadsheet takes for a formula, and unguard() undoes it', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', "'", '\t', '\r', '＝'), fc.string())
      .map(([sign, rest]) => sign + rest),
  );
  fc.assert(
    fc.property(cell, (text) => {
      expect(guard(text)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      expect(unguard(guard(text))).toBe(text);
    }),
  );
  expect(unguard("'Twas")).toBe("'Twas");
});

/** What CSV, spreadsheets and the cells of addresses have another meaning for. */
const SPECIAL = [
  '=',
  '+',
  '@',
  "'",
  '"',
  '[',
  ']',
  ',',
  ';',
  '\\',
  '\n',
  '\r',
  ' ',
  'n',
  'ö',
  '\u2028',
];

/** Any contact as it may be stored: kinds of addresses in the order of the columns, labels not empty. */
const anyContact: fc.Arbitrary<Contact> = (() => {
  const line = (longest: number) =>
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: longest }),
      fc.string({ unit: fc.constantFrom(...SPECIAL), maxLength: longest }),
    );
  const trimmed = (longest: number) =>
    line(longest)
      .map((text) => text.trim())
      .filter((text) => text !== '');
  const address = fc.record(
    {
      kind: fc.constantFrom(...AddressKind.options),
      value: trimmed(30),
      label: line(10).filter((label) => label !== ''),
    },
    { requiredKeys: ['kind', 'value'] },
  );
  return fc.record({
    id: fc.uuid({ version: 7 }).map((id) => ContactId.parse(id)),
    revision: fc.constant(1),
    kind: fc.constantFrom('person' as const, 'organisation' as const),
    name: trimmed(40),
    addresses: fc
      .array(address, { maxLength: 6 })
      .map((all) => AddressKind.options.flatMap((kind) => all.filter((a) => a.kind === kind))),
    note: line(60),
    fields: fc.dictionary(line(10), line(20), { maxKeys: 4, noNullPrototype: true }),
    createdAt: fc.constant(0),
    changedAt: fc.constant(0),
  });
})();

test('a contact comes back from CSV as it went out, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.array(anyContact, { minLength: 1, maxLength: 5 }), (contacts) => {
      const { rows: table, problems } = splitCsv(CSV_HEADER + contacts.map(csvLineOf).join(''));
      expect(problems).toEqual([]);
      const read = readRows(table);
      expect(read.problems).toEqual([]);
      const known = new KnownContacts();
      const plans = read.rows.map((row) => planRow(row, known, ContactId.parse(row.id), 0));
      expect(plans).toEqual(contacts.map((contact) => ({ type: 'write', contact, isNew: true })));
    }),
  );
});

test('splitCsv() reads what spreadsheets of other countries write, and names where it breaks off', () => {
  expect(splitCsv('\ufeffname;note\r\n"A";"b\r\nc"\r\n\r\nD "x";e,f\r\n')).toEqual({
    rows: [
      { line: 1, cells: ['name', 'note'] },
      { line: 2, cells: ['A', 'b\r\nc'] },
      { line: 5, cells: ['D "x"', 'e,f'] },
    ],
    problems: [],
  });
  expect(splitCsv('name\nA\n"B\nC').problems).toEqual([
    { line: 4, problem: 'a quotation mark before this line is never closed' },
  ]);
});
