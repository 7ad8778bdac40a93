/** An e-mail store in a process of its own that goes on with what waits to be sent, and hands in more, until it is killed. */
import { newId } from '#base/id.ts';
import { AgentId, ConversationId, DraftId, InteractionId, MailboxId } from '#domain/ids.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { startEmailMediaStore } from '#servers/email-media-store/server.ts';
import { DirectorDouble } from './director.ts';
import { ConfigurationDouble } from './set-up.ts';
import { TestCentre } from './test-centre.ts';

const [url = '', directory = '', port = '', letters = ''] = process.argv.slice(2);
const database = await openDatabase({ url, name: 'test' });
const centre = new TestCentre();
const configuration = new ConfigurationDouble();
configuration.put('mailbox', 'support', {
  address: 'support@shop.example',
  receive: { type: 'nothing' },
  send: { host: '127.0.0.1', port: Number(port), security: 'none' },
});
centre.serve(configurationServer, configuration.implementation());
centre.serve(mediaDirector, new DirectorDouble().implementation());
await startEmailMediaStore(centre.platform('email-media-store', { database, directory }));
const store = centre.connect(emailMediaStore, 'desktop-server');

for (let at = 0; at < Number(letters); at++) {
  const id = DraftId.parse(newId());
  const agent = AgentId.parse('agent-1');
  await store.call.compose({
    id,
    agent,
    conversation: ConversationId.parse(newId()),
    interaction: InteractionId.parse(newId()),
    mailbox: MailboxId.parse('support'),
    to: [{ name: '', address: `customer-${at}@customer.example` }],
  });
  const { email } = await store.call.send({ draft: id, agent, seen: 0, undoWithin: 0 });
  process.send?.(email.id);
}
