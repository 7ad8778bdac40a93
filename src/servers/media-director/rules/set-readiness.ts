import { isDeepStrictEqual } from 'node:util';
import { readyExcept, type Readiness } from '#domain/agent/state.ts';
import { ROLES } from '#domain/work-item/participants.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { channelsOf } from './availability.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState, Touched } from './director-state.ts';
import { notLoggedIn, plan, type Rule } from './plan.ts';
import { badCode } from './work-codes.ts';

/**
 * Ready, per channel, takes effect at once: room says what can be offered. Not ready is pending while there is work,
 * with no new offers meanwhile, and takes effect when the work ends or gives up its room. The newest wins.
 */
export const setReadiness: Rule<CommandParams['setReadiness'], CommandReplies['setReadiness']> = (
  state,
  { agent, readiness: wanted, by },
) => {
  const status = state.centre.agents.get(agent);
  if (!status) return notLoggedIn(agent);
  const reasons = wanted.state === 'ready' ? Object.values(wanted.except ?? {}) : [wanted.reason];
  const bad = reasons.map((reason) => badCode(state, reason, 'not-ready')).find(Boolean);
  if (bad) return bad;

  const facts = state.agent(agent);
  const readiness =
    wanted.state === 'ready' && wanted.except && facts
      ? readyExcept(wanted.except, channelsOf(facts))
      : wanted;
  const reply = (after: DirectorState) => ({ agent: after.centre.agents.get(agent) ?? status });
  const waits =
    readiness.state === 'not-ready' && status.readiness.state === 'ready' && isBusy(state, agent);
  const next: { readiness: Readiness; pending?: Readiness } = waits
    ? { readiness: status.readiness, pending: readiness }
    : { readiness };
  const { readiness: now, pending } = status;
  if (isDeepStrictEqual([now, pending], [next.readiness, next.pending])) return plan([], reply);
  return plan([{ type: 'agent-readiness-changed', agent, ...next, by }], reply);
};

/** What was pending takes effect for agents whose work has ended. */
export function settleReadiness(state: DirectorState, touched: Touched): DirectorEvent[] {
  const events: DirectorEvent[] = [];
  for (const agent of touched.agents) {
    const pending = state.centre.agents.get(agent)?.pending;
    if (!pending || isBusy(state, agent)) continue;
    events.push({ type: 'agent-readiness-changed', agent, readiness: pending });
  }
  return events;
}

/** A contact whose customer has been silent for long keeps nobody from going, nor does listening to a colleague. */
function isBusy(state: DirectorState, agent: Parameters<DirectorState['workOf']>[0]): boolean {
  const wrapUps = state.centre.agents.get(agent)?.wrapUps.length ?? 0;
  return (
    wrapUps > 0 ||
    state.workOf(agent).some((item) => !item.isReleased) ||
    state.partsOf(agent).some(({ participant }) => ROLES[participant.role].isContact)
  );
}
