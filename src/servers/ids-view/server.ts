import type { Platform, Running } from '#platform/platform.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { idsMultimedia } from '#servers/ids-multimedia/contract.ts';
import { boardFeed } from './board-feed.ts';
import { ConfigurationFeed } from './configuration-feed.ts';
import { idsView } from './contract.ts';
import { FigureReader } from './figures.ts';
import { implementIdsView } from './implementation.ts';
import { News } from './news.ts';

/** Starts the single door for reading figures; resolves once it is open, whoever of its sources is there. */
export async function startIdsView(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { peers, doors, beacons, clock } = platform;
  const multimedia = life.use(peers.connect(idsMultimedia));
  const configurationClient = life.use(peers.connect(configurationServer));
  const news = life.use(new News(multimedia, platform));
  const configuration = life.use(
    new ConfigurationFeed(configurationClient, platform, () => news.tell()),
  );
  life.use(
    await beacons.hear('ids-multimedia-multicast', ({ body }) => {
      if (typeof body['version'] === 'number') news.heard(body['version']);
    }),
  );
  const figures = new FigureReader(multimedia, configuration, clock);
  const parts = { multimedia, figures, news, platform };
  life.use(await doors.lines('ids-view', boardFeed(parts)));
  life.use(await doors.rpc(idsView, implementIdsView(parts), ['ids-view-management']));
  return life.move();
}
