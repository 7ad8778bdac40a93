/**
 * The e-mail store in a process of its own: `node store.ts DATABASE-URL DIRECTORY`. Is told of mailboxes, as
 * `{ id: settings }`, and tells how many work items it has submitted.
 */
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { startEmailMediaStore } from '#servers/email-media-store/server.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { MailboxId } from '#domain/ids.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { DirectorDouble } from '../../../test/doubles/director.ts';
import { ConfigurationDouble, DirectoryDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';

/** Nothing here is a storm. */
const NO_LIMIT = { most: 100_000, within: 1_000 };
const TELL_EVERY = 20;

const [url = '', directory = ''] = process.argv.slice(2);
const database = await openDatabase({ url, name: 'bench' });
const centre = new TestCentre();
const director = new DirectorDouble();
const configuration = new ConfigurationDouble();
configuration.put('queue', 'support', {});
configuration.put('entry-point', 'support', {
  channel: 'email',
  queue: 'support',
  address: 'support@example.com',
});
centre.serve(configurationServer, configuration.implementation());
centre.serve(mediaDirector, director.implementation());
centre.serve(contactDirectory, new DirectoryDouble().implementation());
await startEmailMediaStore(centre.platform('email-media-store', { database, directory }));
const store = centre.connect(emailMediaStore, 'desktop-server');

process.on('message', (mailboxes: Record<string, Record<string, unknown>>) => {
  const secret = { use: 'receive', kind: 'password', secret: 'test', by: 'bench' } as const;
  for (const [id, settings] of Object.entries(mailboxes)) {
    void store.call.setSecret({ mailbox: MailboxId.parse(id), ...secret }).then(() =>
      configuration.put('mailbox', id, {
        address: 'support@example.com',
        loops: { perCorrespondent: NO_LIMIT, storm: NO_LIMIT },
        ...settings,
      }),
    );
  }
});

let told = -1;
setInterval(() => {
  if (centre.complaints.length > 0) console.error(centre.complaints.splice(0).join('\n'));
  const submitted = director.heard.length;
  if (submitted !== told) process.send?.(submitted);
  told = submitted;
}, TELL_EVERY);
process.on('disconnect', () => process.exit());
process.send?.(0);
