import type { Implementation } from '#base/contract.ts';
import type { Latest } from '#base/latest.ts';
import { Refusal } from '#base/refusal.ts';
import { INTERVAL, intervalOf } from '#domain/metrics/interval.ts';
import { noCounts } from '#domain/metrics/counts.ts';
import type { Platform } from '#platform/platform.ts';
import { type FollowedStream, type idsMultimedia, STREAMS } from './contract.ts';
import type { DirectorFollower } from './director-follower.ts';
import type { MessagingFollower } from './messaging-follower.ts';
import { type Moment, readCounts } from './count-tables.ts';
import { readContactHistory, readWorkItem } from './history-tables.ts';
import { contactsByAgent, emptyQueue, queueStandings } from './rules/standing.ts';

export interface ImplementationParts {
  readonly platform: Pick<Platform, 'database' | 'trace'>;
  readonly followers: {
    readonly 'media-director': DirectorFollower;
    readonly 'simple-messaging-media-store': MessagingFollower;
  };
  readonly version: Latest<number>;
  readonly connected: ReadonlyMap<FollowedStream, number>;
  /** Ends every writer's session; they come back by themselves. */
  readonly disconnect: () => Promise<void>;
}

export function implementIdsMultimedia({
  platform: { database, trace },
  followers,
  version,
  connected,
  disconnect,
}: ImplementationParts): Implementation<typeof idsMultimedia> {
  const director = followers['media-director'];
  return {
    methods: {
      async positions() {
        const { balance } = await director.position();
        const streams = STREAMS.map(async (stream) => {
          const { position, at } = await followers[stream].position();
          return { stream, position, at, connected: (connected.get(stream) ?? 0) > 0 };
        });
        return { streams: await Promise.all(streams), balance };
      },
      async rebuild({ stream }) {
        trace.warning('journal.rebuild-begun', { stream });
        await followers[stream].forget();
        await disconnect();
        return {};
      },
      live: ({ since }) =>
        director.moment(async (moment) => ({
          version: moment.live.position,
          at: moment.now,
          balance: moment.balance,
          ...(await readLiveCounts(moment, since)),
        })),
      counts: (request) => director.moment((moment) => readCounts(moment, request)),
      contactHistory: async (request) => ({ items: await readContactHistory(database, request) }),
      async workItemHistory({ item }) {
        const found = await readWorkItem(database, item);
        if (!found) throw new Refusal('unknown-item', `No work item "${item}" is known`, { item });
        return found;
      },
    },
    streams: {
      async *versions(_request, { signal }) {
        for await (const reached of version.follow(signal)) {
          yield { event: { version: reached }, cursor: undefined };
        }
      },
    },
  };
}

/** More queues and agents than any centre has. */
const EVERYTHING = 1_000_000;

/** Everybody logged in, and every queue with work or counts. */
async function readLiveCounts(moment: Moment, since: number) {
  const { live, now } = moment;
  const first = intervalOf(since);
  const edges = [first, Math.max(intervalOf(now), first) + INTERVAL];
  const request = { edges, after: 0, limit: EVERYTHING, withTimes: false };
  const byQueue = await readCounts(moment, { ...request, by: 'queue' });
  const byAgent = await readCounts(moment, {
    ...request,
    by: 'agent',
    agents: live.agents.map(({ status }) => status.id),
  });
  const standings = queueStandings(live);
  const queues = byQueue.rows.flatMap(({ queue, counts }) =>
    queue === undefined ? [] : [{ ...(standings.get(queue) ?? emptyQueue(queue)), counts }],
  );
  const counted = new Set(queues.map(({ queue }) => queue));
  const others = [...standings.values()].filter(({ queue }) => !counted.has(queue));
  const contacts = contactsByAgent(live);
  const countsOf = new Map(byAgent.rows.map(({ agent, counts }) => [agent, counts]));
  return {
    queues: [...queues, ...others.map((standing) => ({ ...standing, counts: noCounts() }))],
    agents: live.agents.map((agent) => ({
      ...agent,
      contacts: contacts.get(agent.status.id) ?? 0,
      counts: countsOf.get(agent.status.id) ?? noCounts(),
    })),
  };
}
