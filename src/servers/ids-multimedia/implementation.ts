import type { Implementation } from '#base/contract.ts';
import type { Latest } from '#base/latest.ts';
import { Refusal } from '#base/refusal.ts';
import type { Instant } from '#base/time.ts';
import type { Balance } from '#domain/metrics/board.ts';
import type { Platform } from '#platform/platform.ts';
import { type FollowedStream, type idsMultimedia, STREAMS } from './contract.ts';
import type { DirectorFollower } from './director-follower.ts';
import type { Writers } from './listener.ts';
import { type Moment, readCounts } from './count-tables.ts';
import { readContactHistory, readWorkItem } from './history-tables.ts';
import { type LiveAnswer, describeLive, edgesUpTo } from './rules/describe-live.ts';

/** What takes a journal in, as those see it who ask how far it has come. */
interface StoreFollower {
  position(): Promise<{ position: number; at: Instant | undefined }>;
  forget(): Promise<void>;
}

export interface ImplementationParts {
  readonly platform: Pick<Platform, 'database' | 'trace'>;
  readonly followers: Readonly<Record<Exclude<FollowedStream, 'media-director'>, StoreFollower>> & {
    readonly 'media-director': DirectorFollower;
  };
  readonly version: Latest<number>;
  readonly writers: Pick<Writers, 'isConnected'>;
  /** Ends every writer's session; they come back by themselves. */
  readonly disconnect: () => Promise<void>;
}

export function implementIdsMultimedia({
  platform: { database, trace },
  followers,
  version,
  writers,
  disconnect,
}: ImplementationParts): Implementation<typeof idsMultimedia> {
  const director = followers['media-director'];
  return {
    methods: {
      async positions() {
        const { balance } = await director.position();
        const streams = STREAMS.map(async (stream) => {
          const { position, at } = await followers[stream].position();
          return { stream, position, at, connected: writers.isConnected(stream) };
        });
        return { streams: await Promise.all(streams), balance };
      },
      async rebuild({ stream }) {
        trace.warning('journal.rebuild-begun', { stream });
        await followers[stream].forget();
        await disconnect();
        return {};
      },
      live: ({ since }) => director.moment((moment) => readLive(moment, since)),
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

async function readLive(moment: Moment & { balance: Balance }, since: number): Promise<LiveAnswer> {
  const { live, now } = moment;
  const request = { edges: edgesUpTo(since, now), after: 0, limit: EVERYTHING, withTimes: false };
  const queues = await readCounts(moment, { ...request, by: 'queue' });
  const agents = live.agents.map(({ status }) => status.id);
  const byAgent = await readCounts(moment, { ...request, by: 'agent', agents });
  return describeLive(moment, { queues: queues.rows, agents: byAgent.rows });
}
