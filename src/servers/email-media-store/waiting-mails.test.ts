import { expect, test } from 'vitest';
import { EmailId, MailboxId } from '#domain/ids.ts';
import { newId } from '#base/id.ts';
import type { Unfiled } from './tables/received-tables.ts';
import { WaitingMails } from './waiting-mails.ts';

const RECENT = 1_000_000;

const mail = (receivedAt: number): Unfiled => ({
  id: EmailId.parse(newId()),
  mailbox: MailboxId.parse('support'),
  key: `${receivedAt}`,
  receivedAt,
  size: 10,
  raw: '',
  tries: 0,
});

/** A table of mail that stands in it until it is filed. */
function open() {
  const table: Unfiled[] = [];
  const waiting = new WaitingMails({
    recent: () => RECENT,
    load: async (recent, held, limit) =>
      table
        .filter(({ id }) => !held.includes(id))
        .toSorted(
          (a, b) =>
            Number(a.receivedAt < recent) - Number(b.receivedAt < recent) ||
            a.receivedAt - b.receivedAt,
        )
        .slice(0, limit),
  });
  return {
    waiting,
    store: (...mails: Unfiled[]) => void table.push(...mails),
    /** Takes up to so many, and files them. */
    take: async (most: number): Promise<number[]> => {
      const taken = await waiting.take((_, some) => some.length < most);
      for (const { mail: each } of taken) table.splice(table.indexOf(each), 1);
      waiting.done(taken.map(({ mail: each }) => each.id));
      return taken.map((each) => each.mail.receivedAt);
    },
  };
}

test('WaitingMails gives what came lately first, then the oldest', async () => {
  const { waiting, store, take } = open();
  const mails = [5, RECENT + 2, 3, RECENT + 1, 4].map(mail);
  store(...mails);
  expect(waiting.isEmpty).toBe(false); // nobody has looked
  expect(await take(10)).toEqual([RECENT + 1, RECENT + 2, 3, 4, 5]);
  const [later, earlier] = [mail(RECENT + 9), mail(7)];
  store(later, earlier);
  waiting.add([{ mail: earlier }, { mail: later }]);
  expect(await take(1)).toEqual([RECENT + 9]);
  expect(await take(1)).toEqual([7]);
  expect(await take(1)).toEqual([]);
  expect(waiting.isEmpty).toBe(true);
});

test('E04: WaitingMails holds a bounded part of a backlog, loses none of it, and lets what is new go before', async () => {
  const { waiting, store, take } = open();
  const backlog = Array.from({ length: 2_000 }, (_, at) => mail(at));
  store(...backlog);
  for (const each of backlog) waiting.add([{ mail: each, bytes: Buffer.alloc(50_000) }]);
  expect(await take(2_000)).toHaveLength(512);
  const fresh = mail(RECENT + 1);
  store(fresh);
  waiting.add([{ mail: fresh }]);
  const rest: number[] = [];
  for (let some = await take(100); some.length > 0; some = await take(100)) rest.push(...some);
  expect(rest).toEqual([RECENT + 1, ...backlog.slice(512).map((each) => each.receivedAt)]);
});

test('WaitingMails gives nothing twice that is under way, and begins anew when it is told to', async () => {
  const { waiting, store } = open();
  store(mail(1), mail(2));
  const all = async () => (await waiting.take(() => true)).map((each) => each.mail.receivedAt);
  expect(await all()).toEqual([1, 2]);
  waiting.lookAgain();
  expect(await all()).toEqual([]);
  waiting.forget(); // they could not be filed
  expect(await all()).toEqual([1, 2]);
});
