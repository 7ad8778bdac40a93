import type { EmailId } from '#domain/ids.ts';
import { emailStoreContract } from './suite.ts';
import type { Brought } from './suite.ts';
import { SUPPORT } from './testing/filing-facts.ts';
import { startCentre } from './testing/store-centre.ts';
import { until } from './testing/until.ts';

emailStoreContract(async () => {
  const centre = await startCentre();
  centre.serveDirector();
  centre.configuration.put('mailbox', 'support', {
    address: 'support@shop.example',
    receive: { type: 'smtp' },
    senders: { denied: ['@held.example'] },
  });
  const { filing } = await centre.open();
  const messageIds = new Map<EmailId, string>();
  const bring = async ({ from, subject, text, answers }: Brought): Promise<EmailId> => {
    const answered = answers && messageIds.get(answers);
    const mail = await centre.taken(SUPPORT, {
      from: { name: '', address: from },
      subject,
      text,
      references: answered ? [answered] : [],
    });
    await filing.file([mail]);
    messageIds.set(mail.mail.id, mail.parsed.messageId ?? '');
    return mail.mail.id;
  };
  return {
    store: centre.store,
    bring,
    hold: (mail) => bring({ ...mail, from: 'customer@held.example' }),
    async accept(conversation, agent) {
      const item = await until(() => centre.director.itemOf(conversation));
      centre.director.accept(item, agent);
      await until(async () => (await centre.head(conversation)).owner === agent);
    },
    async close(conversation) {
      centre.director.close(await until(() => centre.director.itemOf(conversation)));
      await until(async () => (await centre.head(conversation)).endedAt !== undefined);
    },
    [Symbol.asyncDispose]: () => centre[Symbol.asyncDispose](),
  };
});
