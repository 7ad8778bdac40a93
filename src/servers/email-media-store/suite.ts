/** What every e-mail media store keeps of its contract towards desktops; run against the real one and its fake. */
import { expect, test } from 'vitest';
import type { Client } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, ConversationId, EmailId, MailboxId } from '#domain/ids.ts';
import type { EmailFact, Writing, emailMediaStore } from './contract.ts';

type Store = Client<typeof emailMediaStore>;

/** A mail of a customer, as far as the tests go. */
export interface Brought {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Joins the conversation of that mail. */
  readonly answers?: EmailId;
}

/** A store with the mailbox `support`, and agents and customers who do as told. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store;
  /** A mail comes in; resolves once it is filed. */
  bring(mail: Brought): Promise<EmailId>;
  /** A mail comes in that is held back. */
  hold(mail: Brought): Promise<EmailId>;
  /** The conversation's work item is accepted, or closed; resolves when the store knows. */
  accept(conversation: ConversationId, agent: AgentId): Promise<void>;
  close(conversation: ConversationId): Promise<void>;
}

const ONE = AgentId.parse('agent-1');
const TWO = AgentId.parse('agent-2');
const SUPPORT = MailboxId.parse('support');
const MAIL = {
  from: 'customer1@customer.example',
  subject: 'My order',
  text: 'Where is order A-17?',
};

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** All facts up to now. */
async function facts(store: Store): Promise<EmailFact[]> {
  const { position } = await store.call.position({});
  const all: EmailFact[] = [];
  for await (const { event } of store.follow.events({ since: 0 })) {
    all.push(event.body);
    if (event.position >= position) break;
  }
  return all;
}

async function conversationOf(store: Store, email: EmailId): Promise<ConversationId> {
  const filed = (await facts(store)).find(
    (fact) => fact.type === 'email-filed' && fact.email === email,
  );
  if (filed?.type !== 'email-filed') throw new Error(`The mail ${email} is not filed`);
  return filed.conversation;
}

/** Declares the tests; `start` gives each its own store. */
export function emailStoreContract(start: () => Promise<StoreUnderTest>): void {
  test('read() gives a conversation with its mails in their order, or those behind a number, or one', async () => {
    await using under = await start();
    const { store } = under;
    const first = await under.bring(MAIL);
    const second = await under.bring({ ...MAIL, text: 'Well?', answers: first });
    const conversation = await conversationOf(store, first);
    const read = await store.call.read({ conversation });
    expect(read.conversation).toMatchObject({
      id: conversation,
      mailbox: 'support',
      customer: { address: MAIL.from },
      subject: MAIL.subject,
      lastNumber: 2,
      readNumber: 0,
      writers: [],
    });
    expect(read.emails.map(({ id, number, text }) => [id, number, text])).toEqual([
      [first, 1, MAIL.text],
      [second, 2, 'Well?'],
    ]);
    const behind = await store.call.read({ conversation, since: 1 });
    const one = await store.call.read({ conversation, email: first });
    expect([behind, one].map(({ emails }) => emails.map(({ id }) => id))).toEqual([
      [second],
      [first],
    ]);
  });

  test('events() tells what happened once it is so, ids and times only', async () => {
    await using under = await start();
    const email = await under.bring(MAIL);
    const told = await facts(under.store);
    expect(told.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['conversation-opened', 'email-filed']),
    );
    expect(told.find(({ type }) => type === 'email-filed')).toMatchObject({
      email,
      number: 1,
      direction: 'in',
      nature: 'personal',
    });
    expect(JSON.stringify(told)).not.toContain('order');
  });

  test('everything refuses a conversation that does not exist, and mails of others', async () => {
    await using under = await start();
    const { call } = under.store;
    const email = await under.bring(MAIL);
    const other = await conversationOf(
      under.store,
      await under.bring({ ...MAIL, from: 'customer2@other.example', subject: 'Other' }),
    );
    const conversation = ConversationId.parse(newId());
    const asked = [
      call.read({ conversation }),
      call.mark({ conversation, agent: ONE, read: 1 }),
      call.addNote({ conversation, id: 'n', agent: ONE, note: 'x' }),
      call.writing({ conversation, agent: ONE, writing: true }),
    ];
    expect(await Promise.all(asked.map(codeOf))).toEqual(asked.map(() => 'unknown-conversation'));
    expect(await codeOf(call.html({ conversation: other, email }))).toBe('unknown-email');
    expect((await call.read({ conversation: other, email })).emails).toEqual([]);
  });

  test('mark() is the owner’s, goes forward only, and never past the last mail', async () => {
    await using under = await start();
    const { store } = under;
    const conversation = await conversationOf(store, await under.bring(MAIL));
    const mark = (agent: AgentId, read: number) =>
      codeOf(store.call.mark({ conversation, agent, read }));
    expect(await mark(ONE, 1)).toBe('not-yours');
    await under.accept(conversation, ONE);
    expect([await mark(TWO, 1), await mark(ONE, 9), await mark(ONE, 0)]).toEqual([
      'not-yours',
      'done',
      'done',
    ]);
    expect((await store.call.read({ conversation })).conversation.readNumber).toBe(1);
  });

  test('addNote() keeps a note once, for agents alone', async () => {
    await using under = await start();
    const { store } = under;
    const conversation = await conversationOf(store, await under.bring(MAIL));
    const note = { conversation, id: 'n1', agent: ONE, note: 'Customer called, too' };
    await store.call.addNote(note);
    await store.call.addNote(note);
    const { notes, emails } = await store.call.read({ conversation });
    expect(notes).toMatchObject([{ agent: ONE, note: note.note }]);
    expect(emails).toHaveLength(1);
  });

  test('M01: writing() tells everybody who answers now', async () => {
    await using under = await start();
    const { store } = under;
    const conversation = await conversationOf(store, await under.bring(MAIL));
    const stop = new AbortController();
    const heard: Writing[] = [];
    const following = (async () => {
      for await (const { event } of store.follow.writing({ signal: stop.signal })) {
        heard.push(event);
        if (event.writers.length === 0) stop.abort();
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    for (const writing of [true, true, false]) {
      await store.call.writing({ conversation, agent: ONE, writing });
      const { writers } = (await store.call.read({ conversation })).conversation;
      expect(writers).toEqual(writing ? [ONE] : []);
    }
    await following;
    expect(heard).toEqual([
      { conversation, writers: [ONE] },
      { conversation, writers: [] },
    ]);
  });

  test('summarise() leaves out what it does not know, and shows who wrote last', async () => {
    await using under = await start();
    const { store } = under;
    const conversation = await conversationOf(store, await under.bring(MAIL));
    const unknown = ConversationId.parse(newId());
    const { summaries } = await store.call.summarise({ conversations: [unknown, conversation] });
    expect(summaries).toMatchObject([
      { conversation: { id: conversation }, lastText: MAIL.text, lastFrom: 'customer' },
    ]);
  });

  test('a closed conversation has ended, and one that is answered goes on', async () => {
    await using under = await start();
    const { store } = under;
    const first = await under.bring(MAIL);
    const conversation = await conversationOf(store, first);
    await under.accept(conversation, ONE);
    await under.close(conversation);
    const head = async () => (await store.call.read({ conversation })).conversation;
    expect(await head()).toMatchObject({ endedBy: 'agent' });
    await under.bring({ ...MAIL, text: 'Thanks, but', answers: first });
    const again = await head();
    expect([again.endedAt, again.lastNumber, again.workItem !== undefined]).toEqual([
      undefined,
      2,
      true,
    ]);
  });

  test('search() finds by words, and refuses to look for nothing', async () => {
    await using under = await start();
    const { call } = under.store;
    const email = await under.bring(MAIL);
    await under.bring({ ...MAIL, from: 'customer2@other.example', subject: 'Refund', text: 'No' });
    const { found, more } = await call.search({ text: 'order' });
    expect(found).toMatchObject([{ email, subject: MAIL.subject, customer: MAIL.from }]);
    expect(found[0]?.excerpt).toContain('«order»');
    expect(more).toBe(false);
    expect(await codeOf(call.search({ text: ' ' }))).toBe('empty-search');
    expect((await call.search({ mailboxes: [SUPPORT] })).found).toHaveLength(2);
  });

  test('judge() lets mail out of quarantine once, or drops it', async () => {
    await using under = await start();
    const { call } = under.store;
    const held = [
      await under.hold({ ...MAIL, subject: 'One' }),
      await under.hold({ ...MAIL, subject: 'Two' }),
    ];
    const { mails, total } = await call.quarantine({ mailbox: SUPPORT });
    expect([mails.map(({ email }) => email), total]).toEqual([held, 2]);
    const judge = (verdict: 'release' | 'drop', some: 'all' | EmailId[]) =>
      call.judge({ mailbox: SUPPORT, verdict, mails: some, by: 'admin' });
    expect((await judge('release', held.slice(0, 1))).judged).toBe(1);
    expect((await judge('release', held.slice(0, 1))).judged).toBe(0);
    expect((await judge('drop', 'all')).judged).toBe(1);
    expect((await call.quarantine({})).total).toBe(0);
    const told = await facts(under.store);
    expect(told.filter(({ type }) => type === 'email-filed')).toHaveLength(1);
    expect(told.filter(({ type }) => type === 'mail-judged')).toHaveLength(2);
  });
}
