/** Explanations in words: the same sentences at the command line and on the screens. */
import type { AgentId, Channel, CodeId, Instant, QueueId } from '../ids.ts';
import type { Choice, OfferEnding } from './event.ts';
import type { Advantage, Explanation, Reason, WorkStanding } from './explanation.ts';

/** What people know things by. */
export interface Names {
  agent(id: AgentId): string;
  queue(id: QueueId): string;
  code(id: CodeId): string;
  /** A time of day. */
  time(at: Instant): string;
}

const CHANNEL_WORDS: Readonly<Record<Channel, string>> = {
  voice: 'voice',
  email: 'e-mail',
  'web-chat': 'web chat',
  sms: 'SMS',
  xmpp: 'XMPP',
  preview: 'preview',
  task: 'tasks',
};

/** Why an agent does not get it, as what is true of the agent: `is not ready (Lunch)`. */
export function describeReason(reason: Reason, names: Names): string {
  const because = (code: CodeId | undefined): string =>
    code === undefined ? '' : ` (${names.code(code)})`;
  switch (reason.type) {
    case 'retired':
      return 'is retired';
    case 'not-of-this-queue':
      return `does not serve ${names.queue(reason.queue)}`;
    case 'lacks':
      return `lacks ${reason.part}`;
    case 'not-the-only':
      return `is not ${names.agent(reason.agent)}, for whom it waits`;
    case 'away':
      return reason.since === undefined
        ? 'has no browser there'
        : `has had no browser there since ${names.time(reason.since)}`;
    case 'not-ready':
      return `is not ready${because(reason.reason)}`;
    case 'not-ready-soon':
      return `finishes work and is then not ready${because(reason.reason)}`;
    case 'rings':
      return 'has another offer to answer';
    case 'not-theirs':
      return `has no ${CHANNEL_WORDS[reason.channel]}`;
    case 'no-seat':
      return `is logged in without ${CHANNEL_WORDS[reason.channel]}: no seat was left`;
    case 'not-ready-for-channel':
      return `is not ready for ${CHANNEL_WORDS[reason.channel]}${because(reason.reason)}`;
    case 'device-error':
      return `has a device that does not work${because(reason.fault)}`;
    case 'full':
      return `has as many contacts as ${LIMIT_WORDS[reason.limit]} allows (${reason.most})`;
    case 'over-budget':
      return `has as much at hand as their budget allows (${reason.budget})`;
    case 'rests':
      return `did not take it, and is not asked again before ${names.time(reason.until)}`;
    case 'waits-for-preferred':
      return `is not a preferred agent, for whom it waits until ${names.time(reason.until)}`;
    case 'braked':
      return `could take it, but the brake of ${names.queue(reason.queue)} holds it until ${names.time(reason.until)}`;
    case 'interlock':
      return 'gets calls from the switch first';
    case 'at-switch':
      return `is ${AT_SWITCH_WORDS[reason.state] ?? reason.state} at their switch`;
    case 'given-out-by-switch':
      return 'gets calls from their switch alone';
    case 'outranked':
      return describeOutranked(reason, names);
    case 'other-work':
      return 'could take it, but other work comes first for them';
    case 'by-hand':
      return reason.by === undefined
        ? 'was not asked: it was given by hand'
        : `was not asked: ${names.agent(reason.by)} gave it by hand`;
  }
}

const AT_SWITCH_WORDS: Readonly<Record<string, string>> = {
  'not-ready': 'not ready',
  'on-call': 'on a call',
  'wrap-up': 'in wrap-up',
  unknown: 'in a state that nobody knows',
};

const LIMIT_WORDS = {
  agent: 'their capacity',
  centre: 'the whole centre',
  queue: 'the queue',
} as const;

function describeOutranked(
  { by, theirs, chosens }: Extract<Reason, { type: 'outranked' }>,
  names: Names,
): string {
  const what = ADVANTAGE_WORDS[by];
  if (theirs === undefined || chosens === undefined) return `came behind: ${what}`;
  const value = (number: number): string =>
    IS_INSTANT.has(by) ? (number > 0 ? names.time(number) : 'never') : `${round(number)}`;
  return `came behind: ${what} (${value(theirs)}, the chosen one ${value(chosens)})`;
}

const round = (number: number): number => Math.round(number * 100) / 100;

/** What is compared by when it happened. */
const IS_INSTANT: ReadonlySet<Advantage> = new Set(['longest-idle', 'round-robin']);

const ADVANTAGE_WORDS: Readonly<Record<Advantage, string>> = {
  'refused-before': 'had it before and did not keep it',
  'preferred-agent': 'another is preferred for it',
  'account-owner': 'another owns the account',
  'preferred-skills': 'another has what it prefers',
  'longest-idle': 'not idle for so long',
  'least-at-hand': 'more at hand',
  'least-occupied': 'more occupied today',
  'most-skilled': 'less skilled',
  'most-spare-capacity': 'less room to spare',
  'round-robin': 'offered something later',
  id: 'equal in everything, so the id decided',
};

/** Why an offer went to its agent: `longest idle, of 3 who could take it`. */
export function describeChoice({ by, rule, candidates }: Choice): string {
  if (by === 'supervisor') return 'given by a supervisor';
  if (by === 'transfer') return 'transferred to them';
  if (by === 'agent') return 'they took it from the list';
  if (candidates === 1) return 'the only one who could take it';
  return `${rule.replaceAll('-', ' ')}, of ${candidates} who could take it`;
}

/** The heading of a reason that many share. */
export function describeReasonType(type: string): string {
  return (REASON_HEADINGS as Readonly<Record<string, string>>)[type] ?? type;
}

const REASON_HEADINGS: Readonly<Record<Reason['type'], string>> = {
  retired: 'retired',
  'not-of-this-queue': 'do not serve the queue',
  lacks: 'lack what it asks for',
  'not-the-only': 'not the one it waits for',
  away: 'browser gone',
  'not-ready': 'not ready',
  'not-ready-soon': 'not ready as soon as work ends',
  rings: 'another offer rings',
  'not-theirs': 'without the channel',
  'no-seat': 'without a seat for the channel',
  'not-ready-for-channel': 'not ready for the channel',
  'device-error': 'device does not work',
  full: 'no room',
  'over-budget': 'no room in their budget',
  rests: 'did not take it a moment ago',
  'waits-for-preferred': 'it waits for a preferred agent',
  braked: 'held back by the brake',
  interlock: 'calls of the switch come first',
  'at-switch': 'busy at their switch, or nobody knows',
  'given-out-by-switch': 'calls come from their switch alone',
  outranked: 'could have taken it, came behind',
  'other-work': 'other work comes first',
  'by-hand': 'not asked: given by hand',
};

/** What put an item before the next, in words: `higher tier`. */
export function describeNext(by: NonNullable<WorkStanding['next']>['by']): string {
  return NEXT_WORDS[by];
}

const NEXT_WORDS = {
  tier: 'its tier stands above',
  priority: 'it is more urgent',
  age: 'its customer has waited longer',
  need: 'its queue is in greater need',
  order: 'it stands before it in line',
} as const;

/** How an offer ended. */
export const describeOfferEnd = (ending: OfferEnding): string => OFFER_END_WORDS[ending];

const OFFER_END_WORDS: Readonly<Record<OfferEnding, string>> = {
  accepted: 'accepted',
  declined: 'declined',
  'no-answer': 'ran out',
  abandoned: 'ended, for the customer had left',
  withdrawn: 'taken back',
  'device-error': 'could not ring',
};

/** How a work item ended. */
export function describeEnd(
  { ending, code, as }: NonNullable<Explanation['ended']>,
  names: Names,
): string {
  const words = END_WORDS[ending] + (code === undefined ? '' : ` (${names.code(code)})`);
  return as === undefined ? words : `${words} ${as}`;
}

const END_WORDS: Readonly<Record<NonNullable<Explanation['ended']>['ending'], string>> = {
  handled: 'was closed',
  abandoned: 'ended, for the customer had left',
  forced: 'was closed by force',
  transferred: 'was transferred and goes on as',
  merged: 'was merged into',
};
