import { join } from 'node:path';
import { messageOf } from '#base/failure.ts';
import { Replica } from '#base/replica.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { applicationsDirectory } from '#platform/installation/program.ts';
import { openSecretKey } from '#platform/installation/secret-key.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { webChatGatewaySettings } from './config.ts';
import { CHAT_PATH } from './contract.ts';
import { Entries } from './entries.ts';
import { readAssets } from './http/assets.ts';
import { answerPage } from './http/pages.ts';
import { Upgrades } from './http/upgrades.ts';
import { Metrics } from './metrics.ts';
import { followPresence } from './presence.ts';
import { rateOf } from './rules/bucket.ts';
import { followStore } from './store-events.ts';
import { Absences } from './widget/absences.ts';
import { Announcements } from './widget/announcements.ts';
import { Connections } from './widget/connections.ts';
import { Deliveries } from './widget/deliver.ts';
import { Limits } from './widget/limits.ts';
import { Rooms } from './widget/rooms.ts';
import { Sources } from './widget/sources.ts';
import { WidgetSessions } from './widget/widget-sessions.ts';

/** Starts the web chat gateway; resolves once widgets are served. */
export async function startWebChatGateway(platform: Platform): Promise<Running> {
  const { clock, doors, health, peers, trace } = platform;
  const settings = platform.settings(webChatGatewaySettings);
  const rates = {
    connects: rateOf(settings['connects-per-address']),
    openings: rateOf(settings['openings-per-address']),
    messages: rateOf(settings['messages-per-address']),
  };
  await using life = new AsyncDisposableStack();
  const store = life.use(peers.connect(simpleMessagingMediaStore));
  const director = life.use(peers.connect(mediaDirector));
  const configurations = life.use(peers.connect(configurationServer));

  const configuration = new Configuration();
  const entries = new Entries(configuration, clock, (id, state) =>
    connections.entryChanged(id, state),
  );
  const rooms = new Rooms();
  const sources = new Sources(clock, rates);
  const limits = new Limits(clock, rates, settings['messages-per-session']);
  const deliveries = new Deliveries(rooms, (agent) => configuration.nameOf('agent', agent));
  const announcements = life.use(
    new Announcements({
      director,
      configuration,
      rooms,
      clock,
      trace,
      moved: () => entries.refresh(),
    }),
  );
  const metrics = life.use(new Metrics(platform.metrics, () => upgrades.sockets.size));
  const absences = new Absences({ store, clock, trace, leaveAfter: settings['leave-after'] });
  const sessions = new WidgetSessions({
    store,
    absences,
    announcements,
    entries,
    rooms,
    deliveries,
    limits,
    metrics,
    clock,
    trace,
    key: openSecretKey(platform.directory).derive('chat session'),
    sessionLifetime: settings['session-lifetime'],
  });
  const upgrades = new Upgrades({
    clock,
    sources,
    connects: rates.connects,
    mostConnections: settings.connections,
    mostPerSource: settings['connections-per-address'],
    accepted: (socket, source) => connections.accept(socket, source),
    refused: (status) => metrics.refused(status),
  });
  life.defer(() => upgrades.close());
  const connections: Connections = life.use(
    new Connections({
      clock,
      sessions,
      sources,
      limits,
      silence: settings.silence,
      sockets: () => upgrades.sockets,
      swept: () => {
        entries.refresh();
        announcements.refresh(); // what was known grows old
        void absences.sweep();
      },
    }),
  );

  const replica = life.use(
    new Replica({
      clock,
      // of one small kind: what counts is the revision that the answer comes with
      upTo: async (signal) =>
        (await configurations.call.list({ kind: 'organisation', retired: false }, { signal }))
          .revision,
      follow: (since, signal) => configurations.follow.changes({ since, signal }),
      take: (document) => {
        configuration.apply(document);
        entries.refresh();
      },
      up: () => health.report('configuration', 'good'),
      failed: (error) => health.report('configuration', 'degraded', messageOf(error)),
    }),
  );
  const starting = new AbortController();
  life.defer(() => starting.abort());
  void replica.loaded(starting.signal).then(() => (entries.isLoaded = !starting.signal.aborted));
  life.use(followPresence(director, entries, announcements, { clock, health }));
  life.use(
    followStore({ store, deliveries, clock, health, interrupted: () => connections.closeAll() }),
  );

  const assets = await readAssets(join(applicationsDirectory, 'chat-widget'));
  const originsOf = (id: Parameters<Entries['get']>[0]): readonly string[] | undefined =>
    entries.get(id) && configuration.get('entry-point', id)?.origins;
  const isReady = (): boolean => entries.isLoaded;
  life.use(
    await doors.web(CHAT_PATH, {
      request: (request, response) => answerPage({ assets, originsOf, isReady }, request, response),
      upgrade: (request, socket, head) => upgrades.take(request, socket, head),
    }),
  );
  return life.move();
}
