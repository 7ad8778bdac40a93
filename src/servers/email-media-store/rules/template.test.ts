import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { htmlOfText } from '../mime/html-writer.ts';
import { writeAcknowledgement } from './acknowledgement.ts';
import { fillFields, onOneLine, versionFor } from './template.ts';

const values = new Map<string, string | undefined>([
  ['customer.name', 'Customer <1> & "Co"'],
  ['subject', 'One\r\nBcc: somebody@elsewhere.example'],
  ['agent.name', undefined],
  ['queue.name', ''],
  ['sly', '{{customer.name}}'],
]);

test.each([
  ['Dear {{customer.name}},', 'Dear Customer &lt;1&gt; &amp; &quot;Co&quot;,', []],
  ['{{ Customer.Name }}', 'Customer &lt;1&gt; &amp; &quot;Co&quot;', []],
  [
    '{{agent.name}}, {{queue.name}}, {{agent.name}}',
    '{{agent.name}}, {{queue.name}}, {{agent.name}}',
    ['agent.name', 'queue.name'],
  ],
  ['{{nothing.known}}', '{{nothing.known}}', ['nothing.known']],
  ['{{sly}}', '{{customer.name}}', []],
  [
    '{{ }} {{{customer}} {customer.name} {{customer name}}',
    '{{ }} {{{customer}} {customer.name} {{customer name}}',
    ['customer'],
  ],
  ['', '', []],
])('fillFields() of "%s" in HTML', (template, filled, missing) => {
  expect(fillFields(template, values, htmlOfText)).toEqual({ filled, missing });
});

test('fillFields() leaves no markup of a value in HTML, whatever it says', () => {
  const unit = fc.constantFrom(
    '<',
    '>',
    '"',
    '&',
    'a',
    'é',
    '\n',
    '\0',
    '</p>',
    '{{a}}',
    '&#60;',
    '\u2028',
  );
  const property = fc.property(fc.string({ unit }), (value) => {
    const { filled } = fillFields('<p>{{a}}</p>', new Map([['a', value]]), htmlOfText, 'goes');
    return !/[<>"]/.test(filled.slice('<p>'.length, -'</p>'.length).replaceAll('<br>', ''));
  });
  expect(() => fc.assert(property)).not.toThrow();
});

test('fillFields() leaves out what has no value where nobody looks at it', () => {
  const { filled } = fillFields('Yours, {{agent.name}}', values, htmlOfText, 'goes');
  expect(filled).toBe('Yours, ');
});

test('onOneLine() lets no value begin another header', () => {
  expect(fillFields('Re: {{subject}}', values, onOneLine).filled).toBe(
    'Re: One Bcc: somebody@elsewhere.example',
  );
});

const template = {
  versions: ['en', 'de', 'pt-BR'].map((language) => ({
    language,
    subject: language === 'de' ? 'Ihre Nachricht: {{subject}}' : '',
    html: `<p>${language} {{customer.name}}{{agent.name}}</p>`,
  })),
};

test.each([
  [['de'], 'de'],
  [['DE-at', 'en'], 'de'],
  [['pt'], 'pt-BR'],
  [['pt-PT'], 'pt-BR'],
  [['fr', 'de'], 'de'],
  [[undefined, 'de'], 'de'],
  [['fr', 'it'], 'en'],
  [[], 'en'],
])('versionFor() %j is %s', (languages, language) => {
  expect(versionFor(template, languages)?.language).toBe(language);
});

const facts = {
  template,
  language: 'de-AT',
  usualLanguage: 'en',
  answerSubject: 'Re: My order',
  values,
  escape: htmlOfText,
};

test('writeAcknowledgement() writes in the customer’s language and leaves out what has no value', () => {
  expect(writeAcknowledgement(facts)).toEqual({
    language: 'de',
    subject: 'Ihre Nachricht: One Bcc: somebody@elsewhere.example',
    html: '<p>de Customer &lt;1&gt; &amp; &quot;Co&quot;</p>',
  });
});

test('writeAcknowledgement() answers under the customer’s subject where the template has none', () => {
  expect(writeAcknowledgement({ ...facts, language: undefined })).toMatchObject({
    language: 'en',
    subject: 'Re: My order',
  });
});
