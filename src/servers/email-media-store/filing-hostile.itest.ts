import { expect, test } from 'vitest';
import { readMessage } from './mime/read-message.ts';
import { SUPPORT } from './testing/filing-facts.ts';
import { startCentre } from './testing/store-centre.ts';

test.each([
  ['nothing', ''],
  ['no sender', 'Subject: Hello\r\n\r\nWhere is my order?'],
  ['a sender without an address', 'From: Undisclosed sender\r\nSubject: Hello\r\n\r\nHello'],
  ['a sender whose address is too long', `From: <${'a'.repeat(400)}@b.example>\r\n\r\nHello`],
  ['quotes and NUL', "From: \"\0'\\\" <'\\a@b.example>\r\nTo: <>, ''\r\n\r\n\0'\\"],
])('E13: a mail with %s is filed', async (_what, raw) => {
  await using centre = await startCentre();
  const { filing } = await centre.open();
  const { mail } = await centre.taken(SUPPORT);
  const reading = await readMessage([Buffer.from(raw)], { write: () => undefined });
  await filing.file([{ mail, parsed: { ...reading, attachments: [] } }]);
  const [filed] = await centre.database.query<{ state: string }>({
    text: 'select state from email.received',
  });
  expect(filed).toEqual({ state: 'filed' });
  const conversation = await centre.conversationOf(mail.id);
  const { emails } = await centre.store.call.read({ conversation, since: 0 });
  expect(emails).toMatchObject([{ id: mail.id }]);
});
