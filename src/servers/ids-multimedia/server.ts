import { Latest } from '#base/latest.ts';
import type { Balance } from '#domain/metrics/board.ts';
import type { Health, Platform, Running } from '#platform/platform.ts';
import { type FollowedStream, idsMultimedia } from './contract.ts';
import { DirectorFollower } from './director-follower.ts';
import { implementIdsMultimedia } from './implementation.ts';
import { Writers, journalListener } from './listener.ts';
import { Notices } from './notices.ts';
import { StoreFollower } from './store-follower.ts';
import { EMAIL, MESSAGING } from './store-journals.ts';

/** Starts the data server of text media; resolves once it takes journals in and answers questions. */
export async function startIdsMultimedia(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { database, doors, clock } = platform;
  await database.migrate('multimedia_data', new URL('./migrations/', import.meta.url));

  const followers = {
    'media-director': new DirectorFollower(database, clock),
    'simple-messaging-media-store': new StoreFollower(database, MESSAGING),
    'email-media-store': new StoreFollower(database, EMAIL),
  };
  const version = new Latest((await followers['media-director'].position()).position);
  life.use(new Notices(platform, version));
  const writers = life.use(new Writers(platform));
  const stored = (stream: FollowedStream, position: number): void => {
    if (stream !== 'media-director') return;
    version.set(position);
    reportBalance(platform.health, followers[stream].balance);
  };
  const listener = journalListener({ platform, followers, writers, stored });
  const door = { open: await doors.lines('ids-multimedia', listener) };
  life.defer(() => door.open[Symbol.asyncDispose]());

  /** Writers come back at once, and are told to begin anew. */
  const disconnect = async (): Promise<void> => {
    await door.open[Symbol.asyncDispose]();
    door.open = await doors.lines('ids-multimedia', listener);
  };
  const implementation = implementIdsMultimedia({
    platform,
    followers,
    version,
    writers,
    disconnect,
  });
  life.use(await doors.rpc(idsMultimedia, implementation, ['ids-multimedia-management']));
  return life.move();
}

function reportBalance(health: Health, balance: Balance | undefined): void {
  if (!balance) return;
  const { entered, ended, open, difference } = balance;
  const detail = `${entered} work items came in, ${ended} ended and ${open} are open: an event is missing; rebuild the figures`;
  if (difference === 0) health.report('balance', 'good');
  else health.report('balance', 'bad', detail);
}
