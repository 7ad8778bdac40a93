import { keepTrying, pause } from '#base/keep-trying.ts';
import { messageOf } from '#base/failure.ts';
import { hours } from '#base/time.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { LineDialer } from '#platform/lines/lines.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { prepareLeases } from '#platform/database/lease.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { licenseDirector } from '#servers/license-director/contract.ts';
import { mediaDirectorSettings } from './config.ts';
import { ConfigurationCopy } from './configuration-copy.ts';
import { mediaDirector } from './contract.ts';
import { KeptOpen } from './kept-open.ts';
import { implementMediaDirector } from './implementation.ts';
import { Metrics } from './metrics.ts';
import { DatabaseArchive } from './insight/database-archive.ts';
import { ExplainingThread } from './insight/explaining-thread.ts';
import { Promises } from './promises.ts';
import { Insight } from './insight/insight.ts';
import { forgetAnchors, thinAnchors } from './insight/tables.ts';
import type { Policy } from './rules/director-state.ts';
import type { Violation } from '#domain/work-item/standing.ts';
import { LicenseSeats } from './seats.ts';
import { Succession } from './succession.ts';
import { forgetEndings, SCHEMA, STREAM } from './tables.ts';
import { openTenure } from './tenure.ts';

/**
 * Starts a media director; resolves once it decides, or stands by for another that does. Only who is in
 * office has open doors: clients find it by that. Disposing it lets what is in flight become durable.
 */
export async function startMediaDirector(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { database, clock, trace, health, peers, doors } = platform;
  const settings = platform.settings(mediaDirectorSettings);
  await database.migrate(SCHEMA, new URL('./migrations/', import.meta.url));
  await prepareJournal(database, SCHEMA);
  await prepareLeases(database);

  const policy: Policy = {
    restAfterReturn: settings['rest-after-return'],
    vanishedWorkReturns: settings['vanished-work-returns'],
    vanishedLogOut: settings['vanished-log-out'],
  };
  const present = () => succession.present?.director;
  const metrics = life.use(
    new Metrics({ registry: platform.metrics, health, trace, director: present }),
  );
  const seats = life.use(
    new LicenseSeats({
      license: life.use(peers.connect(licenseDirector)),
      clock,
      health,
      trace,
      timeout: settings['seat-timeout'],
      agents: () => present()?.state.centre.agents.values() ?? [],
    }),
  );
  const configuration = life.use(
    await ConfigurationCopy.open({
      database,
      server: life.use(peers.connect(configurationServer)),
      clock,
      health,
      changed: (documents) => present()?.configure(documents),
      replaced: () => succession.renew(),
    }),
  );
  const tenure = {
    database,
    clock,
    trace,
    instance: platform.instance,
    home: platform.home,
    policy,
    checkpointAfter: settings['checkpoint-after'],
    documents: () => configuration.documents(),
    violated: (violations: readonly Violation[]) => promises.note(violations),
    stepped: (events: readonly DirectorEvent[]) => {
      metrics.note(events);
      seats.note(events);
    },
    doubted(isDoubtful: boolean) {
      if (isDoubtful) health.report('office', 'bad', IN_DOUBT);
      doorway.want(!isDoubtful);
    },
  };
  const succession = life.use(
    new Succession({
      open: (signal, standsBy) => openTenure({ ...tenure, standsBy }, signal),
      began() {
        health.report('routing', 'good');
        doorway.want(true);
      },
      standsBy() {
        trace.info('director.stands-by');
        health.report('routing', 'good');
        health.report('office', 'good', STANDS_BY);
        doorway.want(false);
        ready.resolve();
      },
      ended: (reason) => {
        trace.warning('director.begins-anew', {}, reason);
        health.report('routing', 'bad', `Work is not routed just now: ${messageOf(reason)}`);
      },
    }),
  );
  const explaining = life.use(
    new ExplainingThread({ archive: new DatabaseArchive(database), policy, clock }),
  );
  const implementation = implementMediaDirector({
    clock,
    current: (signal) => succession.current(signal),
    seats,
    insight: new Insight((question, signal) => explaining.explain(question, signal)),
    standing: () => promises.standing(),
  });
  const promises = life.use(
    new Promises({
      clock,
      director: present,
      broken: (violation) => metrics.broken(violation),
      changed: (violations) => metrics.alarm(violations),
      failed: (error) => trace.fault('promises.not-looked-at', error),
    }),
  );
  const ready = Promise.withResolvers<void>();
  const doorway = life.use(
    new KeptOpen({
      clock,
      async open() {
        await using open = new AsyncDisposableStack();
        open.use(await doors.rpc(mediaDirector, implementation, ['media-director']));
        open.use(peers.dial('ids-multimedia', journalOf(succession)));
        return open.move();
      },
      opened() {
        health.report('office', 'good', IN_OFFICE); // told at once, with where it is found now
        ready.resolve();
      },
      failed(error) {
        health.report('office', 'bad', messageOf(error));
        ready.reject(error);
      },
    }),
  );
  await succession.begin();
  await ready.promise;
  configuration.follow();
  const housekeeping = new AbortController();
  const running = [
    every(hours(1), async () => {
      await forgetAnchors(database, clock.now() - settings['keep-anchors']);
      await thinAnchors(database, MOST_BYTES_OF_ANCHORS);
    }),
    every(hours(1), async () => {
      const before = clock.now() - settings['keep-endings'];
      while ((await forgetEndings(database, before)) > 0) if (housekeeping.signal.aborted) return;
    }),
  ];
  function every(time: number, work: () => Promise<void>): Promise<void> {
    return keepTrying(
      async (signal) => {
        await pause(clock, time, signal);
        await work();
      },
      {
        clock,
        signal: housekeeping.signal,
        failed: (error) => trace.warning('housekeeping.failed', {}, error),
      },
    );
  }
  life.defer(async () => {
    housekeeping.abort();
    await Promise.all(running);
  });
  return life.move();
}

/** A gigabyte; the rest of the past is read from anchors that stand further apart. */
const MOST_BYTES_OF_ANCHORS = 1024 ** 3;

const IN_OFFICE = 'In office: decides who gets which work';
const STANDS_BY = 'Stands by: another director is in office';
const IN_DOUBT =
  'The database does not confirm who is in office: nothing is decided until it does; see whether it answers';

/** What happened, for whoever keeps the history. */
const journalOf = (succession: Succession): LineDialer => ({
  stream: STREAM,
  async *events(since, signal) {
    const { ledger } = await succession.current(signal);
    for await (const event of ledger.follow(since, signal)) yield { n: event.position, event };
  },
});
