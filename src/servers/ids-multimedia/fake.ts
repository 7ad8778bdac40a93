import type { Implementation } from '#base/contract.ts';
import { Latest } from '#base/latest.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock, Instant } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { type Counts, addCounts, noCounts } from '#domain/metrics/counts.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { type FollowedStream, type idsMultimedia, STREAMS } from './contract.ts';
import type { CountsAnswer } from './count-tables.ts';
import type { CountRow, PassRow, TimeRow } from './rules/batch.ts';
import { countLive } from './rules/count-live.ts';
import { describeLive, edgesUpTo } from './rules/describe-live.ts';
import { type LiveSegment, NOTHING_LIVE } from './rules/live.ts';
import { Tally } from './rules/tally.ts';

type Row = CountsAnswer['rows'][number];
type Times = NonNullable<Row['times']>;
type CountsRequest = Parameters<Implementation<typeof idsMultimedia>['methods']['counts']>[0];

/** A data server in memory: the director's journal comes in by `take`. */
export class FakeIdsMultimedia {
  readonly #clock: Clock;
  #tally = new Tally(NOTHING_LIVE);
  #counts: CountRow[] = [];
  #times: TimeRow[] = [];
  readonly #passes = new Map<WorkItemId, PassRow>();
  readonly #segments = new Map<string, LiveSegment>();
  readonly #records: (DirectorRecord & { readonly item: WorkItemId })[] = [];
  readonly #version = new Latest(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(records: readonly DirectorRecord[]): void {
    const batch = this.#tally.take(records);
    this.#counts.push(...batch.counts);
    this.#times.push(...batch.times);
    for (const [item, pass] of batch.passes) this.#passes.set(item, pass);
    for (const [id, segment] of batch.segments) this.#segments.set(id, segment);
    this.#records.push(...batch.records);
    this.#version.set(this.#tally.centre.position);
  }

  readonly implementation: Implementation<typeof idsMultimedia> = {
    methods: {
      positions: async () => ({
        streams: STREAMS.map((stream) => ({
          stream,
          position: this.#position(stream),
          connected: true,
        })),
        balance: this.#tally.balance,
      }),
      rebuild: async () => {
        this.#tally = new Tally(NOTHING_LIVE);
        this.#counts = [];
        this.#times = [];
        return {};
      },
      live: async ({ since }) => {
        const now = this.#clock.now();
        const live = this.#tally.live();
        const request = { edges: edgesUpTo(since, now), after: 0, limit: Infinity };
        return describeLive(
          { live, now, balance: this.#tally.balance },
          {
            queues: this.#count({ ...request, by: 'queue' }).rows,
            agents: this.#count({ ...request, by: 'agent' }).rows,
          },
        );
      },
      counts: async (request) => this.#count(request),
      contactHistory: async ({ contact, before = Infinity, limit }) => ({
        items: [...this.#passes.values()]
          .filter((pass) => pass.contact === contact && pass.queuedAt < before)
          .toSorted((a, b) => b.queuedAt - a.queuedAt)
          .slice(0, limit)
          .map((pass) => ({ ...pass, segments: this.#segmentsOf(pass.item) })),
      }),
      workItemHistory: async ({ item }) => {
        const pass = this.#passes.get(item);
        if (!pass) throw new Refusal('unknown-item', `No work item "${item}" is known`, { item });
        return {
          item: { ...pass, segments: this.#segmentsOf(item) },
          records: this.#records.filter((record) => record.item === item),
        };
      },
    },
    streams: {
      versions: (_request, { signal }) => this.#versions(signal),
    },
  };

  async *#versions(signal: AbortSignal) {
    for await (const version of this.#version.follow(signal)) {
      yield { event: { version }, cursor: undefined };
    }
  }

  #position(stream: FollowedStream): number {
    return stream === 'media-director' ? this.#tally.centre.position : 0;
  }

  #segmentsOf(item: WorkItemId) {
    return [...this.#segments.values()].filter((segment) => segment.item === item);
  }

  #count({ edges, by, queues, agents, after, limit }: CountsRequest): CountsAnswer {
    const rows = new Map<string, { range: number; id: string; counts: Counts; times: Times }>();
    const rowOf = (range: number, id: string) => {
      const key = `${range} ${id}`;
      let row = rows.get(key);
      if (!row) rows.set(key, (row = { range, id, counts: noCounts(), times: [] }));
      return row;
    };
    const live = countLive(this.#tally.live(), edges, this.#clock.now());
    const counts = this.#counts.map((row) => ({ ...row, range: rangeOf(edges, row.interval) }));
    for (const { range, queue, agent, counts: more } of [...counts, ...live.counts]) {
      if (range === undefined || (by === 'agent' && agent === '')) continue;
      if (queues && !queues.includes(queue)) continue;
      if (by === 'agent' && agents && !agents.some((one) => one === agent)) continue;
      const id = { queue, agent, centre: '' }[by];
      addCounts(rowOf(range, id).counts, more);
    }
    const hasTimes = by === 'agent' && queues === undefined;
    const times = this.#times.map((row) => ({ ...row, range: rangeOf(edges, row.interval) }));
    for (const { range, agent, activity, reason, time } of [...times, ...live.times]) {
      if (!hasTimes || range === undefined || (agents && !agents.includes(agent))) continue;
      addTime(rowOf(range, agent).times, activity, reason, time);
    }
    const sorted = [...rows.values()].toSorted(
      (a, b) => a.range - b.range || (a.id < b.id ? -1 : Number(a.id > b.id)),
    );
    return {
      rows: sorted.slice(after, after + limit).map((row) => ({
        range: row.range,
        ...(by === 'queue' ? { queue: row.id as NonNullable<Row['queue']> } : {}),
        ...(by === 'agent' ? { agent: row.id as NonNullable<Row['agent']> } : {}),
        counts: row.counts,
        ...(hasTimes ? { times: row.times.toSorted(byActivity) } : {}),
      })),
      ...(sorted.length > after + limit ? { next: after + limit } : {}),
    };
  }
}

function rangeOf(edges: readonly Instant[], at: Instant): number | undefined {
  const range = edges.findLastIndex((edge) => edge <= at);
  return range >= 0 && range < edges.length - 1 ? range : undefined;
}

function addTime(
  times: Times,
  activity: Times[number]['activity'],
  reason: string,
  time: number,
): void {
  for (const [doing, why] of [
    ['logged-in', ''],
    [activity, reason],
  ] as const) {
    const known = times.find((one) => one.activity === doing && (one.reason ?? '') === why);
    if (known) known.time += time;
    else times.push({ activity: doing, ...(why === '' ? {} : { reason: why }), time });
  }
}

const byActivity = (a: Times[number], b: Times[number]): number => {
  const [left, right] = [a, b].map(({ activity, reason }) =>
    activity === 'logged-in' ? '' : `${activity} ${reason ?? ''}`,
  );
  return (left ?? '') < (right ?? '') ? -1 : 1;
};
