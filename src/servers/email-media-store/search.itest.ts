import { expect, test } from 'vitest';
import type { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import { hours, minutes } from '#base/time.ts';
import { AgentId, QueueId } from '#domain/ids.ts';
import type { READING_METHODS } from './contract/reading.ts';
import { parseSearch } from './rules/search-query.ts';
import { searchStatement } from './tables/search-tables.ts';
import type { Search } from './tables/search-tables.ts';
import { BILLING, SUPPORT } from './testing/filing-facts.ts';
import { startCentre } from './testing/store-centre.ts';
import { fillEmails, planOf } from './testing/test-tables.ts';

const NOW = Date.UTC(2026, 5, 1, 12);

const NOTHING: Omit<Search, 'query' | 'limit'> = {
  mailboxes: undefined,
  queues: undefined,
  agent: undefined,
  contact: undefined,
  from: undefined,
  to: undefined,
  before: undefined,
};

test('search() finds words, phrases, what is without, addresses, files and message ids, the newest first', async () => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const mails = [
    await centre.taken(SUPPORT, { subject: 'Refund', text: 'I want my money back' }, NOW),
    await centre.taken(
      SUPPORT,
      { messageId: 'late.refund@mail.example', subject: 'Refunds are late', text: 'Money is late' },
      NOW + minutes(1),
    ),
    await centre.taken(
      BILLING,
      {
        from: { name: 'Jörg Müßig', address: 'joerg@other.example' },
        subject: 'Rechnungen',
        text: `${'Lange Vorrede. '.repeat(50)}Die Größe der Rückerstattung stimmt nicht; 返品したい`,
      },
      NOW + minutes(2),
    ),
  ];
  await filing.file(mails);
  const { call } = centre.store;
  const search = async (
    text: string,
    more: Partial<z.infer<typeof READING_METHODS.search.params>> = {},
  ) => {
    const { found } = await call.search({ text, ...more });
    return found.map(({ email }) => mails.findIndex(({ mail }) => mail.id === email));
  };
  expect(await search('refund')).toEqual([1, 0]);
  expect(await search('REFUND -late')).toEqual([0]);
  expect(await search('"money back"')).toEqual([0]);
  expect(await search('"back money"')).toEqual([]);
  expect(await search('ruckerstattung')).toEqual([2]);
  expect(await search('größe grosse')).toEqual([2]);
  expect(await search('rechn joerg@other.example')).toEqual([2]);
  expect(await search('@other.example')).toEqual([2]);
  expect(await search('返品')).toEqual([2]);
  expect(await search('<late.refund@mail.example>')).toEqual([1]);
  expect(await search('money', { mailboxes: [BILLING] })).toEqual([]);
  expect(await search('', { queues: [QueueId.parse('billing')] })).toEqual([2]);
  expect(await search('money', { from: NOW + 1, to: NOW + hours(1) })).toEqual([1]);
  expect(await search('', { agent: AgentId.parse('agent-1') })).toEqual([]);
  for (const text of ['', '   ', '-only', '" "', "!|&:*()'"]) {
    await expect(call.search({ text })).rejects.toMatchObject({ code: 'empty-search' });
  }
  await expect(call.search({ text: '' })).rejects.toBeInstanceOf(Refusal);

  const { found, more } = await call.search({ text: 'money', limit: 1 });
  expect([found.length, more]).toEqual([1, true]);
  const [{ at, email } = { at: 0, email: mails[0]!.mail.id }] = found;
  expect(await search('money', { limit: 1, before: { at, email } })).toEqual([0]);
  const [excerpted] = (await call.search({ text: 'ruckerst' })).found;
  expect(excerpted).toMatchObject({
    customer: 'Jörg Müßig',
    direction: 'in',
    excerpt: expect.stringContaining('«Rückerstattung» stimmt nicht'),
  });
});

test('search() reads no table as a whole, whether what is looked for is rare or everywhere', async () => {
  await using centre = await startCentre();
  await centre.open();
  await fillEmails(centre.database, 20_000);
  const plan = (text: string, more: Partial<Search> = {}): Promise<string> =>
    planOf(
      centre.database,
      searchStatement({ ...NOTHING, ...more, query: parseSearch(text), limit: 31 }),
    );
  const plans = {
    rare: await plan('refund'),
    frequent: await plan('hello'),
    both: await plan('hello refund'),
    address: await plan('customer77@customer.example'),
    phrase: await plan('"where is my"'),
    none: await plan('nobody-wrote-this'),
    recent: await plan('', { from: Date.now() - hours(1) }),
  };
  for (const [name, each] of Object.entries(plans)) {
    expect.soft(each, name).not.toMatch(/Seq Scan on (?:emails|conversations)/);
  }
  expect(plans.rare).toContain('emails_words');
  expect(plans.frequent).toContain('emails_by_time');
});
