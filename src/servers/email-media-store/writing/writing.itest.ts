import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, ConversationId, DraftId } from '#domain/ids.ts';
import type { Draft } from '#domain/email/email.ts';
import { MoodySmtp } from '../../../../test/doubles/moody-smtp.ts';
import { EICAR, startClamd } from '../../../../test/servers/clamd.ts';
import { shared } from '../../../../test/servers/shared.ts';
import { CUSTOMER, startSendingCentre } from '../testing/sending-centre.ts';
import { ConversationTables } from '../tables/conversations.ts';

const theClamd = shared(() => startClamd());
const AGENT_2 = AgentId.parse('agent-2');

async function start(settings: Record<string, unknown> = {}) {
  await using life = new AsyncDisposableStack();
  const smtp = life.use(await MoodySmtp.start());
  const centre = life.use(await startSendingCentre({ ports: { support: smtp.port }, settings }));
  const running = life.move();
  return { smtp, centre, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

type Centre = Awaited<ReturnType<typeof startSendingCentre>>;

/** Hands a file in, in pieces of that many bytes. */
async function attach(
  centre: Centre,
  draft: Draft,
  file: { id: string; name: string; bytes: Buffer; inline?: boolean },
  piece = 262_144,
) {
  const { id, name, bytes, inline = false } = file;
  for (let offset = 0; ; offset += piece) {
    const last = offset + piece >= bytes.length;
    const answer = await centre.sending.methods.attach(
      {
        draft: draft.id,
        agent: draft.agent,
        id,
        name,
        type: 'application/octet-stream',
        inline,
        offset,
        bytes: bytes.subarray(offset, offset + piece).toString('base64'),
        last,
      },
      centre.call,
    );
    if (last) return answer;
  }
}

test('an answer is addressed, quoted and threaded, and not sent past what came meanwhile', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const conversation = await centre.conversation({
    messageId: 'second@customer.example',
    references: ['first@customer.example'],
    replyTo: [{ name: '', address: 'answers@customer.example' }],
    text: 'It is broken',
  });
  const draft = await centre.begin(conversation);
  expect(draft).toMatchObject({
    to: [{ address: 'answers@customer.example' }],
    subject: 'Re: Broken',
    revision: 1,
  });
  expect(draft.content).toContain('It is broken');
  expect(await centre.begin(conversation, 'forward')).toMatchObject({
    to: [],
    subject: 'Fwd: Broken',
  });
  await centre.nobodysWork();
  await expect(centre.send(draft, { seen: 0 })).rejects.toMatchObject({
    code: 'answered-meanwhile',
    data: { newest: 1 },
  });
  const email = await centre.send(draft, { seen: 1 });
  expect(email).toMatchObject({ number: 2, direction: 'out', agent: 'agent-1' });
  await centre.becomes(email, 'sent');
  expect(smtp.mails[0]?.message).toMatch(
    /References: <first@customer\.example> <second@customer\.example>/,
  );
});

test('a draft is kept while it is written, and an older window is told', async () => {
  await using all = await start();
  const { centre } = all;
  const { methods } = centre.sending;
  const draft = await centre.letter();
  const newer = await centre.save(draft, { content: '<p>newer</p>' });
  expect(newer.revision).toBe(draft.revision + 1);
  await expect(centre.save(draft, { content: '<p>older</p>' })).rejects.toMatchObject({
    code: 'older',
    data: { draft: { content: '<p>newer</p>' } },
  });
  await centre.restart();
  const { drafts } = await centre.sending.methods.drafts({ agent: draft.agent }, centre.call);
  expect(drafts).toEqual([newer]);
  await expect(
    methods.readDraft({ draft: draft.id, agent: AGENT_2 }, centre.call),
  ).rejects.toMatchObject({ code: 'not-yours', message: 'Another agent has written this' });
  await centre.sending.methods.discardDraft({ draft: draft.id, agent: draft.agent }, centre.call);
  await expect(
    centre.sending.methods.readDraft({ draft: draft.id, agent: draft.agent }, centre.call),
  ).rejects.toMatchObject({ code: 'unknown-draft' });
});

test('who asks for the draft of another while it is sent is told nothing of the e-mail', async () => {
  await using all = await start();
  const { centre } = all;
  const draft = await centre.letter();
  await centre.nobodysWork();
  const wish = { draft: draft.id, seen: 1, anyway: false, undoWithin: 0 };
  const send = (agent: AgentId) => centre.sending.methods.send({ ...wish, agent }, centre.call);
  const [sent, refused] = await Promise.allSettled([send(draft.agent), send(AGENT_2)]);
  expect(sent).toMatchObject({ status: 'fulfilled' });
  expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'Refusal' } });
});

test.each([
  [{ to: [] }, 'no-recipient'],
  [{ to: [{ name: '', address: 'nobody' }] }, 'bad-address'],
  [{ bcc: [{ name: '', address: 'a@x.example\r\nDATA' }] }, 'bad-address'],
  [{ mailbox: 'billing' as never }, 'cannot-send'],
])('what cannot be sent is refused at once: %o is %s', async (changes, code) => {
  await using all = await start();
  const { smtp, centre } = all;
  const draft = await centre.save(await centre.letter(), changes);
  await expect(centre.send(draft)).rejects.toMatchObject({ code });
  expect(smtp.mails).toEqual([]);
});

test('M08: files come in pieces, once each, and leave whole', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const draft = await centre.letter();
  const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at * 7) % 251));
  const { attachment } = await attach(centre, draft, { id: 'file', name: 'C:\\bill.pdf', bytes });
  expect(attachment).toMatchObject({ name: 'bill.pdf', size: 700_000, scan: 'unscanned' });
  // the same once more, as after an answer that nobody heard
  expect(await attach(centre, draft, { id: 'file', name: 'C:\\bill.pdf', bytes })).toMatchObject({
    offset: 700_000,
  });
  const logo = await attach(centre, draft, {
    id: 'logo',
    name: 'logo.png',
    bytes: Buffer.from('logo'),
    inline: true,
  });
  await attach(centre, draft, {
    id: 'gone',
    name: 'gone.png',
    bytes: Buffer.from('x'),
    inline: true,
  });
  const { methods } = centre.sending;
  const { draft: now } = await methods.readDraft(
    { draft: draft.id, agent: draft.agent },
    centre.call,
  );
  const content = `<p><img src="cid:${logo.attachment?.contentId}"></p>`;
  const email = await centre.send(await centre.save(now, { content }));
  expect(email.attachments.map(({ id, inline }) => [id, inline])).toEqual([
    ['file', false],
    ['logo', true],
  ]);
  await centre.becomes(email, 'sent');
  const [, encoded = ''] =
    /filename=bill\.pdf\r\n\r\n([\s\S]*?)\r\n--/.exec(smtp.mails[0]?.message ?? '') ?? [];
  expect(Buffer.from(encoded, 'base64').equals(bytes)).toBe(true);
});

test('pieces of a file that are out of order say where to go on; too much is refused', async () => {
  await using all = await start();
  const { centre } = all;
  const draft = await centre.letter();
  const piece = (offset: number, text: string, last = false) =>
    centre.sending.methods.attach(
      {
        draft: draft.id,
        agent: draft.agent,
        id: 'file',
        name: 'a.txt',
        type: 'text/plain',
        inline: false,
        offset,
        bytes: Buffer.from(text).toString('base64'),
        last,
      },
      centre.call,
    );
  await expect(piece(3, 'x')).rejects.toMatchObject({ code: 'out-of-order', data: { offset: 0 } });
  expect(await piece(0, 'abc')).toEqual({ offset: 3 });
  expect(await piece(0, 'abc')).toEqual({ offset: 3 });
  await expect(piece(4, 'x')).rejects.toMatchObject({ code: 'out-of-order', data: { offset: 3 } });
  expect(await piece(3, 'de', true)).toMatchObject({ attachment: { size: 5 } });
  const bytes = Buffer.alloc(27_000_000);
  await expect(attach(centre, draft, { id: 'huge', name: 'huge', bytes })).rejects.toMatchObject({
    code: 'file-too-large',
    data: { most: 26_214_400 },
  });
});

test('a file that the scanner finds something in is not taken; without its scanner none is', async (context) => {
  const clamd = await theClamd(context);
  {
    await using all = await start({ clamd: clamd.address });
    const draft = await all.centre.letter();
    const bad = { id: 'bad', name: 'bad.com', bytes: Buffer.from(EICAR) };
    await expect(attach(all.centre, draft, bad)).rejects.toMatchObject({ code: 'infected' });
    const good = { id: 'good', name: 'good.txt', bytes: Buffer.from('good') };
    expect(await attach(all.centre, draft, good)).toMatchObject({ attachment: { scan: 'clean' } });
  }
  await using away = await start({ clamd: '/nowhere/clamd.sock' });
  const file = { id: 'file', name: 'file.txt', bytes: Buffer.from('file') };
  await expect(attach(away.centre, await away.centre.letter(), file)).rejects.toMatchObject({
    code: 'not-scanned',
  });
});

test('what an agent pastes is cleaned before anybody gets it, and has a plain part', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  const content = '<p onclick="x()">See <a href="javascript:x()">here</a><script>x()</script></p>';
  const email = await centre.send(await centre.save(await centre.letter(), { content }));
  await centre.becomes(email, 'sent');
  const message = smtp.mails[0]?.message ?? '';
  expect(message).toContain('<p>See <a>here</a></p>');
  expect(message).toMatch(/text\/plain[\s\S]*\r\n\r\nSee here\r\n/);
  expect(email.text).toBe('See here');
});

test('E19: what is sent by itself says so, is sent once, and in our own name where a server insists', async () => {
  await using all = await start();
  const { smtp, centre } = all;
  smtp.sender = (address) => (address === '' ? '550 a sender, please' : 'takes');
  const conversation = await centre.conversation();
  const due = centre.followed.find((each) => each.type === 'acknowledge');
  if (due?.type !== 'acknowledge') throw new Error('Nothing is to be acknowledged');
  await centre.sending.acknowledge(due);
  await centre.sending.acknowledge(due);
  await expect.poll(() => smtp.mails.length).toBe(1);
  expect(smtp.mails[0]).toMatchObject({ from: 'support@shop.example', to: [CUSTOMER.address] });
  expect(smtp.mails[0]?.message).toContain('Auto-Submitted: auto-replied');
  // Lists go on to show what the customer wrote.
  const [listed] = await new ConversationTables(centre.database).summaries([conversation]);
  expect(listed).toMatchObject({ conversation: { lastNumber: 2 }, lastDirection: 'in' });
  await centre.restart();
  await centre.sending.acknowledge(due);
  centre.clock.advance(3_600_000);
  expect(smtp.mails).toHaveLength(1);
});

test('what servers report is noted with the e-mail: it bounced, and whom it did not reach', async () => {
  await using all = await start();
  const { centre } = all;
  const email = await centre.send(await centre.letter());
  await centre.becomes(email, 'sent');
  const told = {
    email: email.id,
    recipient: CUSTOMER.address,
    action: 'failed',
    status: '5.1.1',
    diagnostic: '550 nobody of that name',
  } as const;
  const report = { email: newId(), conversation: email.conversation, at: 0 };
  const consequence = { type: 'deliveries', deliveries: [told], ...report } as never;
  await centre.sending.deliveries(consequence);
  await centre.sending.deliveries(consequence);
  expect(await centre.becomes(email, 'bounced')).toMatchObject({
    problem: 'customer@customer.example: 5.1.1 550 nobody of that name',
  });
  const reports = await centre.database.query({ text: 'select * from email.delivery_reports' });
  expect(reports).toHaveLength(1);
});

test('a draft in a conversation that is not there is refused', async () => {
  await using all = await start();
  const { centre } = all;
  const params = {
    id: DraftId.parse(newId()),
    agent: AGENT_2,
    conversation: ConversationId.parse(newId()),
    kind: 'reply',
  } as const;
  await expect(centre.sending.methods.beginDraft(params, centre.call)).rejects.toMatchObject({
    code: 'unknown-conversation',
  });
});
