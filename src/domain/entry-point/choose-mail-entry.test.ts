import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EntryPoint } from '../configuration/documents.ts';
import { EntryPointId, MailboxId } from '../ids.ts';
import { chooseMailEntry, takesAllMail, type MailToPlace } from './choose-mail-entry.ts';

const SUPPORT = MailboxId.parse('support');

const mail = (changes: Partial<MailToPlace> = {}): MailToPlace => ({
  mailbox: SUPPORT,
  addresses: ['support@shop.example', 'help@shop.example'],
  recipients: ['support@shop.example'],
  subject: 'My order',
  text: 'Where is it?',
  language: 'en',
  ...changes,
});

interface Written {
  readonly address?: string;
  readonly channel?: string;
  readonly mail?: object;
}

const entryPoints = (written: Readonly<Record<string, Written>>) =>
  new Map(
    Object.entries(written).map(([id, body]) => [
      EntryPointId.parse(id),
      EntryPoint.parse({ name: id, channel: 'email', queue: 'support', ...body }),
    ]),
  );

const chosen = (written: Readonly<Record<string, Written>>, changes?: Partial<MailToPlace>) =>
  chooseMailEntry(mail(changes), entryPoints(written)).entryPoint;

describe('chooseMailEntry() takes', () => {
  test.each<[string, Written, Partial<MailToPlace>]>([
    ['the mailbox', { mail: { mailboxes: ['support'] } }, {}],
    ['the address', { address: 'Support@shop.example' }, {}],
    [
      'an alias',
      { mail: { recipients: ['help@shop.example'] } },
      { recipients: ['HELP@shop.example'] },
    ],
    [
      'what is behind the plus',
      { mail: { recipients: ['support+vip*@shop.example'] } },
      { recipients: ['support+vip1@shop.example'] },
    ],
    [
      'the domain',
      { mail: { recipients: ['@shop.example'] } },
      { recipients: ['any@shop.example'] },
    ],
    ['the subject', { mail: { subject: ['order'] } }, {}],
    ['a keyword in the subject', { mail: { keywords: ['order'] } }, {}],
    ['a keyword in the text', { mail: { keywords: ['where is'] } }, {}],
    ['the language', { mail: { languages: ['de', 'en'] } }, {}],
    ['the language of a region', { mail: { languages: ['EN'] } }, { language: 'en-GB' }],
    [
      'all of it together',
      {
        address: 'support@shop.example',
        mail: { mailboxes: ['support'], subject: ['order'], keywords: ['it'], languages: ['en'] },
      },
      {},
    ],
  ])('an entry point by %s', (_, fitting, changes) => {
    const other = { mail: { keywords: ['something else'], rank: 0 } };
    expect(chosen({ 'a-other': other, fitting }, changes)).toBe('fitting');
  });

  test.each<[string, Written, Partial<MailToPlace>, string]>([
    ['mailbox', { mail: { mailboxes: ['billing'] } }, {}, 'it takes mail of other mailboxes'],
    ['address', { address: 'x@shop.example' }, {}, 'no recipient is one of its own'],
    ['subject', { mail: { subject: ['orde'] } }, {}, 'its words are not in the subject'],
    ['subject alone', { mail: { subject: ['where'] } }, {}, 'its words are not in the subject'],
    ['keyword', { mail: { keywords: ['invoice'] } }, {}, 'none of its keywords is there'],
    ['language', { mail: { languages: ['de'] } }, {}, 'the language is en'],
    [
      'language that is not known',
      { mail: { languages: ['de'] } },
      { language: undefined },
      'the language is not known',
    ],
  ])('nothing by another %s, and says so', (_, other, changes, why) => {
    const any = { mail: { rank: 999 } };
    const choice = chooseMailEntry(mail(changes), entryPoints({ any, other }));
    expect(choice).toEqual({
      entryPoint: 'any',
      why: 'as it takes any mail',
      others: [{ entryPoint: 'other', why }],
    });
  });

  test('no entry point of another channel', () => {
    expect(chosen({ chat: { channel: 'web-chat' } })).toBeUndefined();
  });

  test('of several the one with the lowest rank, whatever else is said', () => {
    const close = { address: 'support@shop.example', mail: { rank: 2, subject: ['order'] } };
    const written = { close, first: { mail: { rank: 1 } } };
    const choice = chooseMailEntry(mail(), entryPoints(written));
    expect(choice.entryPoint).toBe('first');
    expect(choice.why).toBe('as it takes any mail; before "close" by rank (1 to 2)');
  });

  test('of equal rank the one that names the recipient most closely', () => {
    const recipients = ['support+vip@shop.example'];
    const written = {
      a: { mail: { recipients: ['@shop.example'], subject: ['order'] } },
      b: { address: 'support@shop.example' },
      c: { mail: { recipients: ['support+*@shop.example'] } },
    };
    expect(chosen(written, { recipients })).toBe('c');
    expect(chosen({ ...written, d: { address: 'support+vip@shop.example' } }, { recipients })).toBe(
      'd',
    );
  });

  test('of those the one that asks for most, then the first by id', () => {
    expect(chosen({ a: {}, b: { mail: { languages: ['en'] } } })).toBe('b');
    expect(chosen({ b: {}, a: {} })).toBe('a');
  });
});

describe('chooseMailEntry() falls back, where no entry point fits,', () => {
  const never = { keywords: ['something else'] };

  test('on the one that has the mailbox’s address, its main one or an alias', () => {
    const written = {
      any: { mail: { ...never, rank: 0 } },
      own: { address: 'HELP@shop.example', mail: never },
    };
    const choice = chooseMailEntry(mail(), entryPoints(written));
    expect(choice.entryPoint).toBe('own');
    expect(choice.why).toBe('none fits; it has the mailbox’s address');
    expect(choice.others).toHaveLength(2);
  });

  test('on the first that names the mailbox, or an address of it', () => {
    const any = { mail: { ...never, rank: 0 } };
    expect(chosen({ any, named: { mail: { ...never, mailboxes: ['support'] } } })).toBe('named');
    const recipients = ['help@shop.example'];
    expect(chosen({ any, named: { mail: { ...never, recipients } } })).toBe('named');
  });

  test('on the first that is of no mailbox alone', () => {
    expect(chosen({ b: { mail: never }, a: { mail: { ...never, rank: 900 } } })).toBe('b');
  });

  test('on nothing where all are of other mailboxes: nobody reads what is not theirs', () => {
    const written = {
      a: { mail: { mailboxes: ['billing'] } },
      b: { address: 'billing@shop.example' },
      c: { mail: { recipients: ['@other.example'] } },
    };
    const choice = chooseMailEntry(mail(), entryPoints(written));
    expect(choice.entryPoint).toBeUndefined();
    expect(choice.why).toBe('no entry point takes mail of this mailbox');
    expect(choice.others.map(({ entryPoint }) => entryPoint)).toEqual(['a', 'b', 'c']);
  });

  test('on nothing while there are none', () => {
    expect(chosen({})).toBeUndefined();
  });
});

test.each<[string, Readonly<Record<string, Written>>, boolean]>([
  ['there is none', {}, false],
  ['all are of other mailboxes', { a: { address: 'billing@shop.example' } }, false],
  [
    'one is of a domain, which mail need not be addressed to',
    { a: { mail: { recipients: ['@x.example'] } } },
    false,
  ],
  ['one has an address of it', { a: { address: 'help@shop.example' } }, true],
  [
    'one names it and asks for more',
    { a: { mail: { mailboxes: ['support'], subject: ['x'] } } },
    true,
  ],
  ['one takes any mail in a language', { a: { mail: { languages: ['de'] } } }, true],
])('takesAllMail() where %s', (_, written, expected) => {
  expect(takesAllMail(mail(), entryPoints(written))).toBe(expected);
});

test('chooseMailEntry() chooses the same whatever order they come in, and always places mail that any takes', () => {
  const someEntryPoint = fc.record(
    {
      address: fc.constantFrom('support@shop.example', 'billing@shop.example'),
      mail: fc.record(
        {
          mailboxes: fc.subarray(['support', 'billing']),
          keywords: fc.subarray(['order', 'something']),
          languages: fc.subarray(['en', 'de']),
          rank: fc.integer({ min: 0, max: 2 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  const some = fc.array(someEntryPoint, { maxLength: 6 });
  const property = fc.property(some, fc.nat(), (written, turn) => {
    const named = written.map((body, at) => [`entry-${at}`, body] as const);
    const turned = [...named.slice(turn % 6), ...named.slice(0, turn % 6)];
    const one = chooseMailEntry(mail(), entryPoints(Object.fromEntries(named)));
    const other = chooseMailEntry(mail(), entryPoints(Object.fromEntries(turned)));
    const takesAny = written.some(
      (body) => body.address === undefined && (body.mail?.mailboxes ?? []).length === 0,
    );
    return (
      one.entryPoint === other.entryPoint &&
      one.why === other.why &&
      (!takesAny || one.entryPoint !== undefined)
    );
  });
  expect(() => fc.assert(property)).not.toThrow();
});
