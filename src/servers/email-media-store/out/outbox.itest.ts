import { expect, test } from 'vitest';
import { seconds } from '#base/time.ts';
import { MoodySmtp } from '../../../../test/doubles/moody-smtp.ts';
import { startSendingCentre } from '../testing/sending-centre.ts';
import { until } from '../testing/until.ts';

const headerOf = (message: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'im')
    .exec(message)?.[1]
    ?.replaceAll(/\r\n\s+/g, ' ');

async function start() {
  await using life = new AsyncDisposableStack();
  const smtp = life.use(await MoodySmtp.start());
  const centre = life.use(await startSendingCentre({ ports: { support: smtp.port } }));
  const running = life.move();
  return { smtp, centre, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('a letter leaves as what it is, and is sent once the server has taken it', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const email = await centre.send(await centre.letter());
  const row = await centre.becomes(email, 'sent');
  expect(row).toMatchObject({ tries: 1, perhapsTwice: false });
  expect(row.problem).toBeUndefined();
  const [mail] = smtp.mails;
  expect(mail).toMatchObject({ from: 'support@shop.example', to: ['customer@customer.example'] });
  const message = mail?.message ?? '';
  expect(headerOf(message, 'Subject')).toBe('Your order');
  expect(headerOf(message, 'From')).toBe('Shop support <support@shop.example>');
  expect(headerOf(message, 'Message-ID')).toBe(`<${email.messageId}>`);
});

test('M03: a draft that is sent twice at once is one e-mail', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const draft = await centre.letter();
  const [one, two] = await Promise.all([centre.send(draft), centre.send(draft)]);
  expect(two).toEqual(one);
  expect((await centre.send(draft)).id).toBe(one.id);
  await centre.becomes(one, 'sent');
  await centre.restart();
  expect((await centre.send(draft)).id).toBe(one.id);
  expect(smtp.mails).toHaveLength(1);
});

test('what is taken back in time never leaves, and is a draft again', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const draft = await centre.letter();
  const email = await centre.send(draft, { undoWithin: 10_000 });
  expect(email.delivery).toMatchObject({ state: 'held', next: centre.clock.now() + 10_000 });
  centre.clock.advance(9_999);
  const again = await centre.undo(email);
  expect(again).toMatchObject({ id: draft.id, content: draft.content });
  centre.clock.advance(seconds(60));
  expect(smtp.mails).toEqual([]);
  const second = await centre.send(again);
  await centre.becomes(second, 'sent');
  await expect(centre.undo(second)).rejects.toMatchObject({ code: 'on-its-way' });
  expect(smtp.mails).toHaveLength(1);
});

test('M09: what a server defers is sent by itself later, over a restart as well', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  smtp.message = () => '451 try again';
  const email = await centre.send(await centre.letter());
  const row = await centre.becomes(email, 'waiting');
  expect(row.problem).toContain('try again');
  await centre.restart();
  centre.clock.advance(seconds(20));
  await until(() => smtp.mails.length === 2);
  smtp.message = () => 'takes';
  await centre.becomes(email, 'waiting', 2);
  centre.clock.advance(seconds(70));
  expect(await centre.becomes(email, 'sent')).toMatchObject({ tries: 3, perhapsTwice: false });
  expect(new Set(smtp.mails.map(({ message }) => message)).size).toBe(1);
});

test('M04 M05: what a server refuses has failed and says why; to try again sends it', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  smtp.recipient = () => '550 nobody of that name';
  const email = await centre.send(await centre.letter());
  const row = await centre.becomes(email, 'failed');
  expect(row.problem).toBe('customer@customer.example: 550 nobody of that name');
  smtp.recipient = () => 'takes';
  await centre.retry(email);
  await centre.becomes(email, 'sent');
  await expect(centre.retry(email)).rejects.toMatchObject({ code: 'not-failed' });
  expect(smtp.mails).toHaveLength(1);
});

test('recipients whom the server does not take now are tried alone, those it never takes are told', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const draft = await centre.letter();
  const people = ['good', 'later', 'never'].map((name) => ({
    name: '',
    address: `${name}@customer.example`,
  }));
  const saved = await centre.save(draft, { to: people.slice(0, 1), bcc: people.slice(1) });
  smtp.recipient = (address) =>
    address.startsWith('later') ? '450 later' : address.startsWith('never') ? '550 never' : 'takes';
  const email = await centre.send(saved);
  await centre.becomes(email, 'waiting');
  smtp.recipient = () => 'takes';
  centre.clock.advance(seconds(20));
  const row = await centre.becomes(email, 'failed');
  expect(smtp.mails.map(({ to }) => to)).toEqual([
    ['good@customer.example'],
    ['later@customer.example'],
  ]);
  expect(row.problem).toBe('never@customer.example: 550 never. All others have been sent it');
  expect(smtp.mails[0]?.message).not.toMatch(/later@|never@/);
});

test('M05: a server that hangs up on the whole message is asked once more, and it is said', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  smtp.message = () => 'hang-up';
  const email = await centre.send(await centre.letter());
  expect(await centre.becomes(email, 'waiting')).toMatchObject({ doubts: 1 });
  smtp.message = () => 'takes';
  centre.clock.advance(seconds(30));
  expect(await centre.becomes(email, 'sent')).toMatchObject({ perhapsTwice: true, tries: 2 });
  expect(new Set(smtp.mails.map(({ message }) => headerOf(message, 'Message-ID'))).size).toBe(1);
  expect(smtp.mails).toHaveLength(2);
});

test('M05: twice in doubt it is not sent a third time by itself', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  smtp.message = () => 'hang-up';
  const email = await centre.send(await centre.letter());
  await centre.becomes(email, 'waiting');
  centre.clock.advance(seconds(30));
  const row = await centre.becomes(email, 'failed');
  expect(row.problem).toContain('ask whether it has arrived');
  centre.clock.advance(seconds(3_600));
  expect(smtp.mails).toHaveLength(2);
});

test('M05: a server that is away holds up its own mailbox alone, and is waited for', async () => {
  await using smtp = await MoodySmtp.start();
  const dead = await MoodySmtp.start();
  const { port } = dead;
  await dead[Symbol.asyncDispose]();
  await using centre = await startSendingCentre({ ports: { support: port, billing: smtp.port } });
  const held = await centre.send(await centre.letter());
  const row = await centre.becomes(held, 'waiting');
  expect(row.problem).toContain('Nobody answers');
  const draft = await centre.letter();
  const other = await centre.send(await centre.save(draft, { mailbox: 'billing' as never }));
  await centre.becomes(other, 'sent');
  await using alive = await MoodySmtp.start(port);
  centre.clock.advance(seconds(5));
  await centre.becomes(held, 'sent');
  expect(alive.mails).toHaveLength(1);
});

test('what was taken back is nothing new to who sends again', async () => {
  await using all = await start();
  const { centre } = all;
  const conversation = await centre.conversation();
  await centre.nobodysWork();
  const draft = await centre.begin(conversation);
  const email = await centre.send(draft, { seen: 1, undoWithin: 10_000 });
  const again = await centre.undo(email);
  expect(await centre.send(again, { seen: 1 })).toMatchObject({ number: 3 });
  const late = await centre.begin(conversation);
  await expect(centre.send(late, { seen: 2 })).rejects.toMatchObject({
    code: 'answered-meanwhile',
    data: { newest: 3 },
  });
});
