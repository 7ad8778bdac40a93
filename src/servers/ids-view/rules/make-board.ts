import type { z } from 'zod';
import type { Instant } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { QueueId } from '#domain/ids.ts';
import type { AgentsByActivity, Board, BoardAgent } from '#domain/metrics/board.ts';
import { noCounts } from '#domain/metrics/counts.ts';
import { figuresOf } from '#domain/metrics/metric.ts';
import type { idsMultimedia } from '#servers/ids-multimedia/contract.ts';

type Live = z.infer<(typeof idsMultimedia)['methods']['live']['result']>;

/** Makes the board of a moment: every configured queue, and retired ones that still have work or counts. */
export function makeBoard(
  live: Live,
  configuration: Configuration,
  day: { readonly dayBegan: Instant; readonly timeZone: string },
): Board {
  const standings = new Map(live.queues.map((standing) => [standing.queue, standing]));
  const queues = new Set<QueueId>([...configuration.all('queue').keys(), ...standings.keys()]);
  return {
    version: live.version,
    at: live.at,
    ...day,
    queues: [...queues].toSorted().map((queue) => {
      const standing = standings.get(queue);
      return {
        queue,
        waiting: standing?.waiting ?? 0,
        oldestWaitingSince: standing?.oldestWaitingSince ?? null,
        withAgents: standing?.withAgents ?? 0,
        parked: standing?.parked ?? 0,
        agents: countAgents(live, configuration, queue),
        figures: figuresOf(standing?.counts ?? noCounts(), 'queue'),
      };
    }),
    agents: live.agents
      .toSorted((a, b) => (a.status.id < b.status.id ? -1 : 1))
      .map((agent) => boardAgent(agent)),
    balance: live.balance,
  };
}

function boardAgent({ status, ...doing }: Live['agents'][number]): BoardAgent {
  const { readiness } = status;
  return {
    agent: status.id,
    activity: doing.activity,
    ...(doing.activity === 'not-ready' && readiness.state === 'not-ready'
      ? { reason: readiness.reason }
      : {}),
    since: doing.since,
    readiness,
    pending: status.pending,
    loggedInSince: status.loggedInSince,
    station: status.station,
    channels: status.channels,
    faults: status.faults,
    without: status.without,
    present: status.present,
    contacts: doing.contacts,
    figures: figuresOf(doing.counts, 'agent'),
  };
}

/** The logged-in agents who serve a queue, by the one rule of who does. */
function countAgents(live: Live, configuration: Configuration, queue: QueueId): AgentsByActivity {
  const count: AgentsByActivity = { busy: 0, 'wrap-up': 0, ready: 0, 'not-ready': 0 };
  const serves = configuration.get('queue', queue)?.serves;
  if (!serves) return count;
  for (const { status, activity } of live.agents) {
    const agent = configuration.get('agent', status.id);
    if (agent && doesServe(status.id, agent, serves)) count[activity] += 1;
  }
  return count;
}
