import { join } from 'node:path';
import { pause } from '#base/keep-trying.ts';
import { seconds } from '#base/time.ts';
import { prepareLeases } from '#platform/database/lease.ts';
import { applicationsDirectory, programVersion } from '#platform/installation/program.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { desktopServerSettings } from './config.ts';
import { ConfigurationFeed } from './configuration-feed.ts';
import { API_BASE, API_ROOT, type Api, EVENTS_PATH } from './contract.ts';
import { BoardFeed } from './events/board-feed.ts';
import { CentreFeed } from './events/centre-feed.ts';
import { Digests } from './events/digests.ts';
import { EventHub } from './events/event-hub.ts';
import { EventSockets } from './events/event-sockets.ts';
import { createEmailFeed } from './events/email-feed.ts';
import { createMessagingFeed } from './events/messaging-feed.ts';
import { Presence } from './events/presence.ts';
import { credentialHandlers, documentHandlers } from './handlers/administration-handlers.ts';
import { contactHandlers } from './handlers/contact-handlers.ts';
import { conversationHandlers } from './handlers/conversation-handlers.ts';
import { emailHandlers } from './handlers/email-handlers.ts';
import { mailboxHandlers } from './handlers/mailbox-handlers.ts';
import { movingHandlers, participantHandlers } from './handlers/participant-handlers.ts';
import { sessionHandlers } from './handlers/session-handlers.ts';
import { figureHandlers, supervisionHandlers } from './handlers/supervision-handlers.ts';
import { systemHandlers } from './handlers/system-handlers.ts';
import { workItemHandlers } from './handlers/work-handlers.ts';
import type { Workplace } from './handlers/workplace.ts';
import { createApp } from './http/app.ts';
import { serveApplications } from './http/applications.ts';
import { factsOf, proxyList } from './http/connection-facts.ts';
import { openGate, refuseUpgrade } from './http/gate.ts';
import type { Handlers } from './http/handlers.ts';
import { serveApi } from './http/serve-api.ts';
import { serveStatus } from './http/status.ts';
import { openLab } from './lab/open-lab.ts';
import { connectRooms } from './rooms.ts';
import { Admission } from './sessions/admission.ts';
import { Identity, proofOf } from './sessions/identity.ts';
import { Sessions } from './sessions/sessions.ts';
import { SignInGuard } from './sessions/sign-in-guard.ts';
import { SessionTable } from './sessions/tables.ts';
import { Tokens } from './sessions/tokens.ts';
import { WebhookTables } from './webhooks/tables.ts';
import { Webhooks } from './webhooks/webhooks.ts';

/** The doors, by their rows in the port matrix. */
const ROWS = ['desktop-http', 'desktop-https'];
/** How long starting waits for the components it shows; it starts without them then. */
const PATIENCE = seconds(5);

/**
 * Starts the desktop server: the browser applications, the public API, the event socket and webhooks.
 * Resolves once browsers can come in, also while other components are still away.
 */
export async function startDesktopServer(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack();
  const { clock, database, health, trace } = platform;
  const settings = platform.settings(desktopServerSettings);
  await prepareLeases(database);
  await database.migrate('desktop', new URL('migrations/', import.meta.url));

  const rooms = connectRooms(platform.peers);
  const configuration = life.use(new ConfigurationFeed(rooms, platform));
  const centre = life.use(new CentreFeed(rooms, platform, settings['events-kept']));
  const messaging = life.use(createMessagingFeed(rooms, platform, settings['events-kept']));
  const emails = life.use(createEmailFeed(rooms, platform, settings['events-kept']));

  const limits = { idle: settings['session-idle'], longest: settings['session-longest'] };
  const table = new SessionTable(database);
  const sessions = life.use(new Sessions({ table, limits, clock, trace }));
  const tokens = new Tokens(rooms, clock);
  const identity = new Identity(sessions, tokens, configuration);

  const digests = life.use(
    new Digests({
      rooms,
      centre,
      messaging,
      emails,
      clock,
      trace,
      changed: (of) => hub.tellSummaries(of),
    }),
  );
  const board = life.use(new BoardFeed(rooms, clock, (version) => hub.tellBoard(version)));
  const hub: EventHub = life.use(
    new EventHub({
      sources: { centre, messaging, emails, digests, configuration },
      clock,
      boardWanted: (wanted) => board.want(wanted),
      sightChanged: () => sockets.recheck(),
    }),
  );
  const proxies = proxyList(settings['trusted-proxies']);
  const requestsPerSecond = settings['requests-per-second'];
  const admission = new Admission({ identity, proxies, clock, requestsPerSecond });
  const sockets: EventSockets = life.use(
    new EventSockets({
      platform,
      hub,
      identity,
      sessions,
      configuration,
      admission,
      requestsPerSecond,
    }),
  );
  life.use(new Presence(platform, rooms, hub));
  const webhooks = life.use(
    new Webhooks({
      configuration,
      platform,
      rooms,
      centre,
      messaging,
      emails,
      tables: new WebhookTables(database),
      allowPrivate: settings['webhook-private-targets'],
      giveUpAfter: settings['webhook-give-up'],
      keepFor: settings['webhook-history'],
    }),
  );
  const lab = settings.lab && life.use(await openLab({ rooms, configuration, platform }));
  centre.start();
  messaging.start();
  emails.start();

  const hosts = ownNames(settings.hosts, settings['public-url']);
  const app = createApp({
    platform,
    root: API_ROOT,
    strictTransport: ({ raw }) =>
      hosts.has(raw.headers.host?.replace(/:\d+$/, '').toLowerCase() ?? '') &&
      factsOf(raw, proxies).secure,
  });
  serveApi(app, {
    handlers: handlersFor({
      rooms,
      clock,
      configuration,
      centre,
      digests,
      board,
      sessions,
      tokens,
      guard: new SignInGuard(clock),
      webhooks,
    }),
    lab: lab ? lab.handlers : undefined,
    admission,
    proxies,
    publicUrl: settings['public-url'],
    sessionLongest: limits.longest,
    version: programVersion,
  });
  serveStatus(app, {
    metrics: platform.metrics,
    factsOf: (request) => factsOf(request.raw, proxies),
    isProgram: async (request) => {
      const proof = proofOf(factsOf(request.raw, proxies), request.headers);
      return proof?.type === 'token' && (await identity.callerOf(proof)) !== undefined;
    },
    obstacles: () => [
      ...(configuration.isLoaded ? [] : ['The configuration server has not answered yet.']),
      ...(centre.isKnown ? [] : ['The media director has not answered yet.']),
    ],
  });
  await serveApplications(app, {
    directory: join(applicationsDirectory, 'applications'),
    lab: settings.lab,
  });
  await app.ready();
  life.defer(() => app.close());

  const waited = new AbortController();
  await Promise.race([configuration.loaded(), pause(clock, PATIENCE, waited.signal)]);
  waited.abort();
  const gate = openGate({
    peers: platform.peers,
    proxies,
    hosts,
    request: (request, response) => app.routing(request, response),
    upgrade: (request, socket, head) =>
      request.url?.replace(/\?.*$/, '') === `${API_BASE}${EVENTS_PATH}`
        ? sockets.upgrade(request, socket, head)
        : refuseUpgrade(socket, 404, 'Not Found'),
    rebound: (host) => trace.warning('request.of-wrong-host', { host: host.slice(0, 100) }),
  });
  for (const row of ROWS) {
    const door = await platform.doors.http(row, gate);
    if (door) life.use(door);
  }
  // Clients are told of a restart before their connections go.
  life.defer(() => sockets[Symbol.asyncDispose]());
  health.report('http', 'good');
  return life.move();
}

/** Who answers each route: one that is missing does not compile. */
function handlersFor(place: Workplace): Handlers<Api> {
  return {
    ...sessionHandlers(place),
    ...workItemHandlers(place),
    ...conversationHandlers(place),
    ...participantHandlers(place),
    ...movingHandlers(place),
    ...emailHandlers(place),
    ...mailboxHandlers(place),
    ...contactHandlers(place),
    ...supervisionHandlers(place),
    ...figureHandlers(place),
    ...documentHandlers(place),
    ...credentialHandlers(place),
    ...systemHandlers(place),
  };
}

function ownNames(hosts: readonly string[], publicUrl: string): ReadonlySet<string> {
  const names = hosts.map((host) => host.toLowerCase());
  return new Set(publicUrl === '' ? names : [...names, new URL(publicUrl).hostname.toLowerCase()]);
}
