import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { embeddedDirectory, writeDatabaseUrl } from '#platform/database/url-file.ts';
import { databaseSettings } from '#platform/platform-settings.ts';
import type { Platform, Running } from '#platform/platform.ts';

/**
 * Starts the embedded PostgreSQL and tells the other processes where it is; resolves once it answers.
 * Where `database.url` names another server there is nothing to do.
 */
export async function startDatabase(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack();
  if (platform.settings(databaseSettings).url !== '') {
    platform.health.report('server', 'good', 'A PostgreSQL of your own is used');
    return life.move();
  }
  const server = life.use(
    await startEmbeddedPostgresql({
      directory: embeddedDirectory(platform.directory),
      trace: platform.trace,
      onState: (state, detail) =>
        platform.health.report('server', state === 'running' ? 'good' : 'bad', detail),
    }),
  );
  life.use(writeDatabaseUrl(platform.directory, server.url));
  platform.health.report('server', 'good');
  return life.move();
}
