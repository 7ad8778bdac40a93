import { openSecretKey } from '#platform/installation/secret-key.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { configurationServerSettings } from './config.ts';
import { configurationServer } from './contract.ts';
import { Credentials } from './credentials.ts';
import { DesktopSettings } from './desktop-settings.ts';
import { Documents } from './documents.ts';
import { configurationLineFeed } from './line-feed.ts';
import { Passwords } from './passwords.ts';
import { configurationService } from './service.ts';
import { openTables } from './tables.ts';
import { TextExchange } from './text-exchange.ts';

/** Starts the configuration server; resolves once it can be asked. */
export async function startConfigurationServer(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { clock, trace } = platform;
  const lifetimes = platform.settings(configurationServerSettings);
  const storage = await openTables(platform.database);
  const documents = life.use(await Documents.open(storage, clock, trace));
  const settings = life.use(await DesktopSettings.open(storage, clock, trace));
  const texts = new TextExchange(documents, storage, clock);
  const credentials = new Credentials({
    documents,
    storage,
    passwords: new Passwords(),
    sealer: openSecretKey(platform.directory),
    clock,
    lifetimes: {
      'set-up': lifetimes['set-up-link-lifetime'],
      'sign-in': lifetimes['sign-in-link-lifetime'],
    },
  });
  const service = configurationService({ documents, credentials, settings, texts, storage });
  life.use(await platform.doors.rpc(configurationServer, service, ['config']));
  life.use(await platform.doors.lines('config', configurationLineFeed(documents)));
  return life.move();
}
