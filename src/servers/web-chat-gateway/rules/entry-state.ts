import type { Instant } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { decideEntry } from '#domain/entry-point/decide-entry.ts';
import type { EntryPointId } from '#domain/ids.ts';
import type { Centre } from '#domain/work-item/centre.ts';
import type { EntryState } from '../contract.ts';

/** What the state of an entry point follows from. */
export interface EntryFacts {
  readonly configuration: Configuration;
  /** Left out while the director has not been heard: then somebody is taken to be there. */
  readonly centre: Pick<Centre, 'agents'> | undefined;
  readonly at: Instant;
}

/**
 * Whether somebody is there for an entry point, and what its widget shows.
 *
 * Somebody is there while an agent who serves its queue is logged in for chat, ready or not: who is
 * busy now is free in a while. A customer is never turned away because of something not known.
 *
 * @returns Nothing where no such entry point is in use for chat.
 */
export function entryState(id: EntryPointId, facts: EntryFacts): EntryState | undefined {
  const { configuration, centre, at } = facts;
  const entryPoint = configuration.get('entry-point', id);
  if (entryPoint?.channel !== 'web-chat') return undefined;
  const schedule = entryPoint.schedule && configuration.get('schedule', entryPoint.schedule);
  const { open, opensAt, queue, greeting, closed, consent } = decideEntry({
    entryPoint,
    schedule,
    at,
  });
  const serves = configuration.get('queue', queue)?.serves;
  const somebody =
    !centre ||
    !serves ||
    centre.agents.values().some(({ id: agent, channels }) => {
      const who = configuration.get('agent', agent);
      return who && channels.includes('web-chat') && doesServe(agent, who, serves);
    });
  const availability = !open ? 'closed' : somebody ? 'open' : 'nobody';
  const texts = { name: entryPoint.name, greeting, closed, consent };
  return opensAt === undefined ? { availability, ...texts } : { availability, opensAt, ...texts };
}
