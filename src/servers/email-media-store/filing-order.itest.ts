import { expect, test } from 'vitest';
import type { ReadMail } from './filing.ts';
import { SUPPORT } from './testing/filing-facts.ts';
import { startCentre } from './testing/store-centre.ts';

test('E04: mail that is fetched after what answers it is in the same conversation, in one batch and in two', async () => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const mails: ReadMail[] = [];
  for (const place of [2, 1, 0]) {
    const references = place === 0 ? [] : ['m0@customer.example'];
    mails.push(
      await centre.taken(SUPPORT, { messageId: `m${place}@customer.example`, references }),
    );
  }
  const [last, ...earlier] = mails;
  await filing.file([last!]);
  await filing.file(earlier);
  expect(await centre.conversations()).toHaveLength(1);
});

test('why a mail is where it is can be asked, also of what was released from quarantine', async () => {
  await using centre = await startCentre();
  const support = { address: 'support@shop.example', receive: { type: 'smtp' } };
  const senders = { denied: ['@customer.example'] };
  centre.configuration.put('mailbox', 'support', { ...support, senders });
  const { filing } = await centre.open();
  const mail = await centre.taken(SUPPORT);
  await filing.file([mail]);
  const { store } = centre;
  const judging = { mailbox: SUPPORT, verdict: 'release', mails: 'all', by: 'admin' } as const;
  expect(await store.call.judge(judging)).toEqual({ judged: 1 });
  const email = mail.mail.id;
  const conversation = await centre.conversationOf(email);
  const { reasons } = await store.call.why({ conversation, email });
  expect(reasons).toContain('It came in by "support", by the recipient');
  expect(reasons.join()).not.toContain('denied');
});

test('E19: who writes twice before they are answered is answered once, also over a restart', async () => {
  await using centre = await startCentre();
  const taken = (id: string): Promise<ReadMail> =>
    centre.taken(SUPPORT, { messageId: `${id}@customer.example`, text: id });
  const before = await centre.open();
  await before.filing.file([await taken('one'), await taken('two')]);
  const answers = () => centre.followed.filter(({ type }) => type === 'acknowledge').length;
  expect(answers()).toBe(1);
  await before.stop();
  const after = await centre.open();
  await after.filing.file([await taken('three')]);
  expect(answers()).toBe(1);
  expect(await centre.conversations()).toHaveLength(3);
});

test('a judgement of all goes through them in pieces, and ends when nobody waits for it', async () => {
  await using centre = await startCentre();
  const support = { address: 'support@shop.example', receive: { type: 'smtp' } };
  centre.configuration.put('mailbox', 'support', {
    ...support,
    senders: { denied: ['@customer.example'] },
  });
  const { filing, judging } = await centre.open();
  const mails: ReadMail[] = [];
  for (let at = 0; at < 120; at++) mails.push(await centre.taken(SUPPORT, {}, 1_000 + at / 7));
  await filing.file(mails);
  const judge = (signal: AbortSignal) =>
    judging.methods().judge(
      { mailbox: SUPPORT, verdict: 'drop', mails: 'all', by: 'admin' },
      {
        role: 'desktop-server',
        signal,
      },
    );
  expect(await judge(AbortSignal.abort())).toEqual({ judged: 0 });
  expect((await centre.store.call.quarantine({})).total).toBe(120);
  expect(await judge(new AbortController().signal)).toEqual({ judged: 120 });
  expect((await centre.store.call.quarantine({})).total).toBe(0);
});
