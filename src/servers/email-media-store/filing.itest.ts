import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { hours } from '#base/time.ts';
import { AgentId, EmailId } from '#domain/ids.ts';
import type { ReadMail } from './filing.ts';
import { until } from './testing/until.ts';
import { BILLING, SUPPORT } from './testing/filing-facts.ts';
import { startCentre } from './testing/store-centre.ts';

const idOf = ({ mail }: ReadMail): EmailId => mail.id;

test('a mail opens a conversation and work at the director, with the age it had at its server', async () => {
  await using centre = await startCentre();
  const { director, directory } = centre;
  centre.serveDirector();
  centre.serveDirectory();
  const known = directory.know('customer1@customer.example');
  const { filing } = await centre.open();
  const receivedAt = Date.now() - hours(3);
  const mail = await centre.taken(SUPPORT, { html: '<b>Where?</b>' }, receivedAt);
  await filing.file([mail]);
  const conversation = await centre.conversationOf(idOf(mail));
  const item = await until(() => director.itemOf(conversation));
  expect(item).toMatchObject({
    channel: 'email',
    queue: 'support',
    enteredAt: receivedAt,
    contact: known,
    offline: true,
    entryPoint: 'support',
  });
  const read = await centre.store.call.read({ conversation, since: 0 });
  expect(read.conversation).toMatchObject({
    mailbox: 'support',
    queue: 'support',
    customer: { name: 'Customer 1', address: 'customer1@customer.example' },
    subject: 'My order',
    contact: known,
    workItem: item.id,
    lastNumber: 1,
    readNumber: 0,
  });
  expect(read.emails).toMatchObject([
    { id: idOf(mail), number: 1, direction: 'in', text: 'Where is my order?', hasHtml: true },
  ]);
  expect(centre.followed).toMatchObject([{ type: 'acknowledge', template: 'received' }]);
});

test('E17: an answer joins its conversation, tells the director, and wakes what waits for the customer', async () => {
  await using centre = await startCentre();
  const { director } = centre;
  centre.serveDirector();
  const { filing } = await centre.open();
  const first = await centre.taken(SUPPORT, { messageId: 'first@customer.example' });
  await filing.file([first]);
  const conversation = await centre.conversationOf(idOf(first));
  const item = await until(() => director.itemOf(conversation));
  director.accept(item, 'agent-1');
  director.tell({
    type: 'work-item-awaits-customer',
    item: item.id,
    agent: AgentId.parse('agent-1'),
  });
  await until(async () => (await centre.head(conversation)).owner === 'agent-1');
  const answer = await centre.taken(SUPPORT, { references: ['first@customer.example'] });
  await filing.file([answer]);
  expect(await centre.conversationOf(idOf(answer))).toBe(conversation);
  await until(() => director.itemOf(conversation)?.state === 'accepted');
  expect(director.heard.filter((line) => line.startsWith('submit'))).toHaveLength(1);
  expect(await centre.head(conversation)).toMatchObject({ lastNumber: 2 });
});

test('E17: mails of one batch find each other, and so do answers that come before what they answer is durable', async () => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const chain: ReadMail[] = [];
  for (let at = 0; at < 20; at++) {
    const references = at === 0 ? [] : [`m${at - 1}@customer.example`];
    chain.push(await centre.taken(SUPPORT, { messageId: `m${at}@customer.example`, references }));
  }
  await filing.file(chain);
  expect(await centre.conversations()).toMatchObject([{ last_number: 20 }]);
});

test('a closed conversation that is written to again is another work item, for who had it last', async () => {
  await using centre = await startCentre();
  const { director } = centre;
  centre.serveDirector();
  const { filing } = await centre.open();
  const first = await centre.taken(SUPPORT, { messageId: 'first@customer.example' });
  await filing.file([first]);
  const conversation = await centre.conversationOf(idOf(first));
  const item = await until(() => director.itemOf(conversation));
  director.accept(item, 'agent-7');
  director.close(item);
  await until(async () => (await centre.head(conversation)).endedBy === 'agent');
  await filing.file([await centre.taken(SUPPORT, { inReplyTo: ['first@customer.example'] })]);
  const next = await until(() => director.itemOf(conversation));
  expect(next.id).not.toBe(item.id);
  expect(next).toMatchObject({ queue: 'support', preferredAgent: 'agent-7' });
  const head = await centre.head(conversation);
  expect([head.endedAt, head.endedBy, head.workItem]).toEqual([undefined, undefined, next.id]);
});

test('E07: a message is filed once, however often it is handed in, by whomever', async () => {
  await using centre = await startCentre();
  centre.serveDirector();
  const { filing } = await centre.open();
  const mail = await centre.taken(SUPPORT);
  await filing.file([mail]);
  await filing.file([mail]);
  await filing.file([mail, await centre.taken(SUPPORT, { text: 'Another', subject: 'Another' })]);
  expect(await centre.conversations()).toHaveLength(2);
  const received = await centre.database.query({
    text: 'select state, count(*)::int from email.received group by state',
  });
  expect(received).toEqual([{ state: 'filed', count: 2 }]);
});

test('E07: the same message to two mailboxes is one conversation in each, within one interaction', async () => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const same = { messageId: 'same@customer.example', sentAt: 5 };
  const mails = [await centre.taken(SUPPORT, same), await centre.taken(BILLING, same)];
  const addressed = mails.map(({ mail, parsed }) => ({
    mail,
    parsed: {
      ...parsed,
      to: ['support', 'billing'].map((name) => ({ name: '', address: `${name}@shop.example` })),
    },
  }));
  await filing.file(addressed);
  const heads = [];
  for (const mail of addressed)
    heads.push(await centre.head(await centre.conversationOf(idOf(mail))));
  expect(heads.map(({ mailbox }) => mailbox)).toEqual(['support', 'billing']);
  expect(heads[0]?.interaction).toBe(heads[1]?.interaction);
});

test('E07: the same message twice in one mailbox, under other names, is one item', async () => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const same = { messageId: 'twice@customer.example' };
  await filing.file([await centre.taken(SUPPORT, same, 1_000)]);
  await filing.file([await centre.taken(SUPPORT, same, 2_000)]);
  expect(await centre.conversations()).toMatchObject([{ last_number: 1 }]);
});

test('E09, E10: mails without a message id are filed, each in a conversation of its own', async () => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const mails: ReadMail[] = [];
  for (let at = 0; at < 5; at++) {
    const { mail, parsed } = await centre.taken(SUPPORT, { text: `Mail ${at}` });
    const { messageId: _, ...without } = parsed;
    mails.push({ mail, parsed: { ...without, references: [''], inReplyTo: [''] } });
  }
  await filing.file(mails.slice(0, 3));
  await filing.file(mails.slice(3));
  expect(await centre.conversations()).toHaveLength(5);
});

test('a conversation that somebody erased does not come back with an answer to it', async () => {
  await using centre = await startCentre();
  const { director, directory } = centre;
  centre.serveDirector();
  centre.serveDirectory();
  const { filing } = await centre.open();
  const first = await centre.taken(SUPPORT, {
    messageId: 'first@customer.example',
    text: 'secret',
  });
  await filing.file([first]);
  const conversation = await centre.conversationOf(idOf(first));
  const contact = await until(async () => (await centre.head(conversation)).contact);
  await until(() => director.itemOf(conversation));
  directory.erase(contact);
  await until(async () => (await centre.head(conversation)).customer.address === '');
  const { emails } = await centre.store.call.read({ conversation, since: 0 });
  expect(emails).toMatchObject([{ text: '', subject: '', from: { name: '', address: '' } }]);
  await filing.file([await centre.taken(SUPPORT, { references: ['first@customer.example'] })]);
  expect(await centre.conversations()).toHaveLength(2);
  const left = await centre.database.query({
    text: `select (select count(*) from email.emails where words @@ 'secret')::int as found,
      (select count(*) from email.emails where message_id = 'first@customer.example')::int as named`,
  });
  expect(left).toEqual([{ found: 0, named: 0 }]);
});

test('E19: a storm is held back and let go by one judgement, each mail once', async () => {
  await using centre = await startCentre();
  const { director, store } = centre;
  centre.serveDirector();
  centre.configuration.put('mailbox', 'support', {
    address: 'support@shop.example',
    receive: { type: 'smtp' },
    loops: { storm: { most: 5, within: 600_000 } },
  });
  const { filing, traffic } = await centre.open();
  const mails: ReadMail[] = [];
  for (let at = 0; at < 12; at++) {
    const from = { name: '', address: `customer${at}@customer${at}.example` };
    mails.push(await centre.taken(SUPPORT, { from, subject: `Mail ${at}` }, 1_000_000 + at));
  }
  await filing.file(mails);
  const { mails: held, total } = await store.call.quarantine({});
  expect([held.length, total]).toEqual([7, 7]);
  expect(held[0]).toMatchObject({ reason: 'storm', subject: 'Mail 5', mailbox: 'support' });
  expect(traffic.stormOf(SUPPORT)).toMatchObject({ held: 7 });
  const judge = { mailbox: SUPPORT, by: 'admin' };
  const one = await store.call.judge({ ...judge, verdict: 'drop', mails: [held[0]!.email] });
  const twice = await Promise.all(
    [1, 2].map(() => store.call.judge({ ...judge, verdict: 'release', mails: 'all' })),
  );
  expect([one.judged, ...twice.map(({ judged }) => judged)]).toEqual([1, 6, 0]);
  expect(traffic.stormOf(SUPPORT)).toBeUndefined();
  expect(await centre.conversations()).toHaveLength(11);
  await until(() => director.heard.filter((line) => line.startsWith('submit')).length === 11);
  expect((await store.call.quarantine({})).total).toBe(0);
});

test('mail that no entry point takes waits, and is filed once there is one', async () => {
  await using centre = await startCentre();
  centre.serveDirector();
  centre.configuration.put('entry-point', 'support', { channel: 'email', queue: 'support' }, true);
  const { filing } = await centre.open();
  const mail = await centre.taken(SUPPORT);
  await filing.file([mail]);
  expect((await centre.store.call.quarantine({})).mails).toMatchObject([{ reason: 'unrouted' }]);
  centre.configuration.put('entry-point', 'support', {
    channel: 'email',
    queue: 'sales',
    address: 'support@shop.example',
  });
  await until(async () => (await centre.store.call.quarantine({})).total === 0);
  expect(await centre.head(await centre.conversationOf(idOf(mail)))).toMatchObject({
    queue: 'sales',
  });
});

test('after a start both sides agree again on what is open, and what was not told is told', async () => {
  await using centre = await startCentre();
  const { director } = centre;
  const first = await centre.open();
  const mails = [];
  for (let at = 0; at < 3; at++) mails.push(await centre.taken(SUPPORT, { subject: `${at}` }));
  await first.filing.file(mails);
  await first.stop(); // the director was away
  centre.serveDirector();
  const second = await centre.open();
  const [closed, lost, moved] = await Promise.all(
    mails.map((mail) => centre.conversationOf(idOf(mail))),
  );
  const itemOf = (conversation = newId()) => until(() => director.itemOf(conversation));
  await Promise.all([itemOf(closed), itemOf(lost), itemOf(moved)]);
  await second.stop();
  director.close(await itemOf(closed), 'forced');
  director.lose(await itemOf(lost));
  const to = director.transfer(await itemOf(moved), 'billing');
  await centre.open();
  await until(async () => (await centre.head(closed!)).endedBy === 'system');
  await until(async () => (await centre.head(moved!)).workItem === to);
  expect((await itemOf(lost)).queue).toBe('support');
});
