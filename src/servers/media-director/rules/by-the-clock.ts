/** What falls due by itself, and when: one list for the first start, for every change, and for the tests. */
import type { Instant } from '#base/time.ts';
import type { AgentStatus, OpenWorkItem } from '#domain/work-item/centre.ts';
import type { CommandParams, CommandReplies, DueCommand } from './command.ts';
import type { Policy } from './director-state.ts';
import { done, type Rule } from './plan.ts';
import { isResting, refusedBy, restEnds } from './rest.ts';

/** Something to do at a time. */
export interface Due {
  readonly at: Instant;
  /** `elapsed`: after so much time, whatever is done to the wall clock; `date`: when the wall clock says so. */
  readonly by: 'elapsed' | 'date';
  readonly command: DueCommand;
}

/** @param at Now: a rest that is over is nothing to wait for. */
export function dueOfItem(policy: Policy, item: OpenWorkItem, at: Instant): Due[] {
  const { id, state, offer, deadline, parkedUntil, serviceLevelDeadline } = item;
  const due: Due[] = [];
  if (state === 'offered' && offer !== undefined && deadline !== undefined) {
    const params = { item: id, offer, seen: true };
    due.push({ at: deadline, by: 'elapsed', command: { name: 'offerExpired', params } });
  }
  if (state === 'parked' && parkedUntil !== undefined) {
    const params = { item: id };
    due.push({ at: parkedUntil, by: 'date', command: { name: 'wakeDue', params } });
  }
  if (serviceLevelDeadline !== undefined && !item.serviceLevelCounted) {
    const params = { item: id };
    const command = { name: 'serviceLevelPassed', params } as const;
    due.push({ at: serviceLevelDeadline, by: 'elapsed', command });
  }
  if (state === 'queued') {
    for (const agent of refusedBy(item)) {
      if (!isResting(policy, item, agent, at)) continue;
      const command = { name: 'restOver', params: { item: id, agent } } as const;
      due.push({ at: restEnds(policy, item, agent) ?? at, by: 'elapsed', command });
    }
  }
  return due;
}

export function dueOfAgent(policy: Policy, agent: AgentStatus, hasWork: boolean): Due[] {
  const due = agent.wrapUps.flatMap(({ segment, until }): Due[] => {
    if (until === undefined) return [];
    const params = { agent: agent.id, segment };
    return [{ at: until, by: 'elapsed', command: { name: 'wrapUpOver', params } }];
  });
  if (agent.absentSince !== undefined) {
    const grace = hasWork ? policy.vanishedWorkReturns : policy.vanishedLogOut;
    const command = { name: 'absenceOver', params: { agent: agent.id } } as const;
    due.push({ at: agent.absentSince + grace, by: 'elapsed', command });
  }
  return due;
}

/** The customer has waited longer than the queue promises: said once, answered or not. */
export const serviceLevelPassed: Rule<
  CommandParams['serviceLevelPassed'],
  CommandReplies['serviceLevelPassed']
> = (state, { item: id }) => {
  const item = state.item(id);
  return done(
    item && !item.serviceLevelCounted
      ? [{ type: 'service-level-missed', item: id, queue: item.queue }]
      : [],
  );
};
