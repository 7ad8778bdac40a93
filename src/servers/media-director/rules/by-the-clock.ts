/** What falls due by itself, and when: one list for the first start, for every change, and for the tests. */
import type { Instant } from '#base/time.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { idleFrom } from './await-customer.ts';
import type { CommandParams, CommandReplies, DueCommand } from './command.ts';
import type { DirectorState, Policy } from './director-state.ts';
import { overflowsAt } from './overflow.ts';
import { openInvitations } from './participants/invitations.ts';
import { dueAtSwitch } from './interlock/due-at-switch.ts';
import { done, type Rule } from './plan.ts';
import { preferenceEnds } from './preferred.ts';
import { waitsForAgentUntil } from './refused-transfer.ts';
import { nextStepAt } from './requirements.ts';
import { isResting, refusedBy, restEnds } from './rest.ts';

/** Something to do at a time. */
export interface Due {
  /** The same for the same purpose: what is put down later takes the place of what was. */
  readonly key: string;
  readonly at: Instant;
  /** `elapsed`: after so much time, whatever is done to the wall clock; `date`: when the wall clock says so. */
  readonly by: 'elapsed' | 'date';
  /** It is not void where it is not named any more: its time may just have come. */
  readonly stays?: boolean;
  readonly command: DueCommand;
}

/**
 * What falls due for a work item.
 *
 * @param at Now: a rest that is over is nothing to wait for.
 */
export function dueOfItem(centre: DirectorState, item: OpenWorkItem, at: Instant): Due[] {
  const { policy } = centre;
  const { id, state, offer, deadline, parkedUntil, serviceLevelDeadline } = item;
  const due: Due[] = [];
  if (state === 'offered' && offer !== undefined && deadline !== undefined) {
    const command = { name: 'offerExpired', params: { item: id, offer, seen: true } } as const;
    due.push({ key: `offer ${id}`, at: deadline, by: 'elapsed', command });
  }
  const autoAcceptAfter = centre.queue(item.queue)?.autoAcceptAfter;
  if (state === 'offered' && offer !== undefined && autoAcceptAfter !== undefined) {
    const command = { name: 'autoAccept', params: { item: id, offer } } as const;
    due.push({ key: `auto ${id}`, at: item.since + autoAcceptAfter, by: 'elapsed', command });
  }
  const idle = idleFrom(item, centre.routing.idleContactReleases);
  if (idle !== undefined) {
    const command = { name: 'contactIdle', params: { item: id } } as const;
    due.push({ key: `idle ${id}`, at: idle, by: 'elapsed', command });
  }
  if (state === 'parked' && parkedUntil !== undefined) {
    const command = { name: 'wakeDue', params: { item: id } } as const;
    due.push({ key: `wake ${id}`, at: parkedUntil, by: 'date', command });
  }
  if (serviceLevelDeadline !== undefined && !item.serviceLevelCounted) {
    const command = { name: 'serviceLevelPassed', params: { item: id } } as const;
    due.push({ key: `level ${id}`, at: serviceLevelDeadline, by: 'elapsed', command });
  }
  if (state === 'queued') {
    for (const agent of refusedBy(item)) {
      if (!isResting(policy, item, agent, at)) continue;
      const command = { name: 'restOver', params: { item: id, agent } } as const;
      const ends = restEnds(policy, item, agent) ?? at;
      due.push({ key: `rest ${id} ${agent}`, at: ends, by: 'elapsed', stays: true, command });
    }
  }
  for (const { at: ends, agent, invitation } of openInvitations(item)) {
    const command = {
      name: 'invitationExpired',
      params: { item: id, agent, invitation },
    } as const;
    due.push({ key: `invitation ${invitation}`, at: ends, by: 'elapsed', command });
  }
  const relaxes = nextStepAt(item);
  if (relaxes !== undefined) {
    const command = { name: 'requirementDue', params: { item: id } } as const;
    due.push({ key: `relax ${id}`, at: relaxes, by: 'elapsed', command });
  }
  const preferenceOver = preferenceEnds(item, at);
  if (preferenceOver !== undefined) {
    const command = { name: 'preferenceOver', params: { item: id } } as const;
    due.push({ key: `preference ${id}`, at: preferenceOver, by: 'elapsed', command });
  }
  const waitsUntil = waitsForAgentUntil(item);
  if (waitsUntil !== undefined) {
    const command = { name: 'transferWaitOver', params: { item: id } } as const;
    due.push({ key: `transfer ${id}`, at: waitsUntil, by: 'elapsed', command });
  }
  const overflows = overflowsAt(centre, item, at);
  if (overflows !== undefined) {
    const command = { name: 'waitedTooLong', params: { item: id } } as const;
    due.push({ key: `overflow ${id}`, at: overflows, by: 'elapsed', command });
  }
  return due;
}

/** What falls due for an agent: wrap-ups, and an absence that lasts. */
export function dueOfAgent(policy: Policy, agent: AgentStatus, hasWork: boolean): Due[] {
  const due = agent.wrapUps.flatMap(({ segment, until }): Due[] => {
    if (until === undefined) return [];
    const command = { name: 'wrapUpOver', params: { agent: agent.id, segment } } as const;
    return [{ key: `wrap-up ${segment}`, at: until, by: 'elapsed', command }];
  });
  if (agent.absentSince !== undefined) {
    const grace = hasWork ? policy.vanishedWorkReturns : policy.vanishedLogOut;
    const command = { name: 'absenceOver', params: { agent: agent.id } } as const;
    due.push({ key: `absence ${agent.id}`, at: agent.absentSince + grace, by: 'elapsed', command });
  }
  return [...due, ...dueAtSwitch(agent)];
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
