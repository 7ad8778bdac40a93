/** One step of the director: a command in, its events and what follows from them out. */
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { accept, autoAccept, decline, offerExpired } from './answer-offer.ts';
import { awaitCustomer, contactIdle } from './await-customer.ts';
import { brakeOver } from './brake-over.ts';
import { serviceLevelPassed } from './by-the-clock.ts';
import { cancelCallback, keepPlace } from './callback.ts';
import type { Command, CommandName, CommandParams, CommandReplies } from './command.ts';
import { callOver } from './call-over.ts';
import { configurationChanged } from './configuration-changed.ts';
import { abandon, customerWrote } from './customer.ts';
import { failOffer, reportDevice } from './device.ts';
import type { DirectorState, Touched } from './director-state.ts';
import { close, endWrapUp, wrapUpOver } from './finish.ts';
import { interlockDue, interlockRested, restoreDue, routeDue } from './interlock/due-at-switch.ts';
import { reach } from './interlock/reach.ts';
import { routeRequest } from './interlock/route-request.ts';
import {
  heldLeaver,
  restoreOf,
  settleAfterMatch,
  settleBeforeMatch,
} from './interlock/settle-interlocks.ts';
import {
  callEnded,
  callLanded,
  stateConfirmed,
  switchReports,
  switchSilent,
} from './interlock/switch-reports.ts';
import { match } from './match.ts';
import { merge, split } from './merge.ts';
import { waitedTooLong } from './overflow.ts';
import { answerInvitation, invitationExpired, invite } from './participants/invite.ts';
import { changeRole, join, leave, removeParticipant } from './participants/take-part.ts';
import { freed, type Facts, type Refused, type Rule } from './plan.ts';
import { absenceOver, agentVanished, present } from './presence.ts';
import { settleTransfers } from './refused-transfer.ts';
import { relaxations } from './relax.ts';
import { logIn, logOut } from './session.ts';
import { park, wake, wakeDue } from './set-aside.ts';
import { setReadiness, settleReadiness } from './set-readiness.ts';
import { submit } from './submit.ts';
import { assign, forceClose, pullBack, reorder } from './supervise.ts';
import { take } from './take.ts';
import { transfer } from './transfer.ts';

const NOBODY: readonly never[] = [];

type Rules = { readonly [K in CommandName]: Rule<CommandParams[K], CommandReplies[K]> };

const RULES: Rules = {
  submit,
  abandon,
  keepPlace,
  cancelCallback,
  customerWrote,
  logIn,
  logOut,
  setReadiness,
  present,
  reportDevice,
  accept,
  decline,
  take,
  failOffer,
  awaitCustomer,
  close,
  endWrapUp,
  transfer,
  park,
  wake,
  assign,
  pullBack,
  forceClose,
  reorder,
  merge,
  split,
  invite,
  answerInvitation,
  join,
  changeRole,
  leave,
  removeParticipant,
  offerExpired,
  autoAccept,
  contactIdle,
  invitationExpired,
  wakeDue,
  serviceLevelPassed,
  waitedTooLong,
  brakeOver,
  restOver: (_, { item }) => freed({ items: new Set([item]) }),
  requirementDue: (_, { item }) => freed({ items: new Set([item]) }),
  preferenceOver: (_, { item }) => freed({ items: new Set([item]) }),
  transferWaitOver: (_, { item }) => freed({ items: new Set([item]) }),
  wrapUpOver,
  agentVanished,
  absenceOver,
  switchReports,
  switchSilent,
  callLanded,
  callEnded,
  stateConfirmed,
  routeRequest,
  callOver,
  interlockDue,
  restoreDue,
  interlockRested,
  routeDue,
  configurationChanged,
  resumed: (state) => freed({ agents: new Set(state.centre.agents.keys()) }),
};

/** The facts of a step. */
export interface StepFacts extends Facts {
  /** False while what is decided cannot be made durable: nobody could see an offer. */
  readonly mayOffer: boolean;
}

/** What a step did. All of it is in the state already. */
export interface Step<Reply> {
  readonly events: readonly DirectorEvent[];
  readonly touched: Touched;
  readonly outcome: { readonly type: 'reply'; readonly reply: Reply } | Refused;
}

/**
 * Decides a command and takes the consequences into `state`: its own events, readiness that was
 * pending, and offers to whoever is free now. Depends on its arguments alone. The caller makes the
 * events durable before it tells anybody.
 */
export function advance<K extends CommandName>(
  state: DirectorState,
  command: Command<K>,
  facts: StepFacts,
): Step<CommandReplies[K]> {
  const rule: Rules[K] = RULES[command.name];
  const decision = rule(state, command.params, facts);
  if (decision.type === 'refused') {
    return { events: [], touched: state.takeTouched(), outcome: decision };
  }

  const events: DirectorEvent[] = [];
  const { touched } = state; // it grows with every event
  for (const item of decision.freed?.items ?? NOBODY) touched.items.add(item);
  for (const agent of decision.freed?.agents ?? NOBODY) touched.agents.add(agent);
  const take = (event: DirectorEvent): void => {
    state.apply(facts.at, event);
    events.push(event);
  };

  for (const event of decision.events) {
    const leaver = heldLeaver(state, event);
    take(event);
    if (leaver) take(restoreOf(state, leaver.id, leaver.atSwitch, facts.at));
  }
  for (const event of settleReadiness(state, touched)) take(event);
  for (const event of settleTransfers(state, touched, facts)) take(event);
  for (const event of relaxations(state, touched.items, facts.at)) take(event);
  const held = settleBeforeMatch(state, touched, facts.at, take);
  const reply = decision.reply(state);
  if (facts.mayOffer) {
    match(state, touched, facts.at, take);
    settleAfterMatch(state, { touched, held }, facts.at, take);
    reach(state, touched, facts.at, take);
  }
  state.takeTouched();
  return { events, touched, outcome: { type: 'reply', reply } };
}
