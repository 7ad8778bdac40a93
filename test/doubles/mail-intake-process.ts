/**
 * Takes in the mail of one mailbox until it is killed: `node mail-intake-process.ts DATABASE-URL MAILBOX-SETTINGS`. Tells
 * its parent of each batch that is filed.
 */
import { openDatabase } from '#platform/database/pool.ts';
import { startIntake } from '#servers/email-media-store/testing/test-intake.ts';

const [url = '', settings = '{}'] = process.argv.slice(2);
process.on('disconnect', () => process.exit());
const database = await openDatabase({ url, name: 'mail intake' });
const intake = await startIntake(database, {
  filed: (mails) => process.send?.(mails.length),
});
await intake.mailbox('killed', JSON.parse(settings) as Record<string, unknown>);
