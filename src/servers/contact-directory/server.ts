import { Feed } from '#platform/feed/feed.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { contactDirectory } from './contract.ts';
import { CsvExchange } from './csv-exchange.ts';
import { Directory } from './directory.ts';
import { contactService } from './service.ts';
import { openTables } from './tables.ts';

/** Starts the contact directory; resolves once it can be asked. */
export async function startContactDirectory(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { clock, trace, database, doors } = platform;
  const storage = await openTables(database);
  const feed = new Feed(
    (since, limit) => storage.changes(since, limit),
    await storage.newestChange(),
  );
  life.use(
    await storage.onWritten(() => {
      storage.newestChange().then(
        (newest) => feed.announce(newest),
        (error: unknown) => trace.warning('contacts.not-read', {}, error), // heard again later
      );
    }),
  );
  const directory = new Directory(storage, clock);
  const csv = new CsvExchange(storage, clock);
  const service = contactService({ directory, csv, storage, feed });
  life.use(await doors.rpc(contactDirectory, service, ['contact-directory']));
  return life.move();
}
