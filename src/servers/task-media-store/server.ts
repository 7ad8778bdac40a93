import type { Platform, Running } from '#platform/platform.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { taskMediaStoreSettings } from './config.ts';
import { taskMediaStore } from './contract.ts';
import { DirectorFollower } from './director-follower.ts';
import { OpenItems } from './open-items.ts';
import { Outbox } from './outbox.ts';
import { taskService } from './service.ts';
import { openTables } from './tables.ts';
import { Tasks } from './tasks.ts';

/** Starts the task media store; resolves once it takes tasks, whether or not the director is there. */
export async function startTaskMediaStore(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { clock, trace, health, peers } = platform;
  const director = life.use(peers.connect(mediaDirector));
  const configuration = life.use(peers.connect(configurationServer));
  const storage = await openTables(platform.database);
  const open = await OpenItems.load(storage);
  const parts = { director, storage, open, clock, trace, health };
  const outbox = life.use(new Outbox(parts));
  life.use(new DirectorFollower({ ...parts, outbox }));
  const { 'director-within': directorWithin } = platform.settings(taskMediaStoreSettings);
  const tasks = new Tasks({ storage, open, outbox, configuration, clock, directorWithin });
  life.use(
    await platform.doors.rpc(taskMediaStore, taskService(tasks, storage), ['task-media-store']),
  );
  return life.move();
}
