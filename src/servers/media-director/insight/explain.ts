import { setImmediate as immediate } from 'node:timers/promises';
import type { Instant } from '#base/time.ts';
import { printExpression } from '#domain/requirement/print.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Decision, Explanation, Reason, WorkStanding } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState, Policy } from '../rules/director-state.ts';
import { explainDecision, type Explained } from '../rules/explain/explain-decision.ts';
import { explainByHand } from '../rules/explain/explain-by-hand.ts';
import { isByRules } from '../rules/explain/is-by-rules.ts';
import { nextBehind } from '../rules/explain/next-behind.ts';
import type { History } from './history.ts';
import { AT_A_TIME, PastState } from './past-state.ts';
import { ReasonGroups } from './reason-groups.ts';

/** What is asked about a work item. */
export interface Question {
  readonly item: WorkItemId;
  /** Only this offer; 0: only why it waits. */
  readonly offer?: number | undefined;
  /** Whose reason is to be told whatever the bounds. */
  readonly agent?: AgentId | undefined;
}

export interface ExplainParts {
  readonly history: History;
  readonly policy: Policy;
  readonly now: Instant;
  readonly signal: AbortSignal;
}

/** What nothing is known of: also the code of the refusal. */
export type Unknown = 'unknown-item' | 'unknown-offer';

/** The newest so many are explained: an item that came back more often tells nothing new. */
const MOST_DECISIONS = 20;

/** In place of an offer's number: why it waits. */
const WAIT = 0;

/** Agents named for each reason: of one decision many, of a story the first few. */
const NAMED_OF_ONE = 200;
const NAMED_OF_MANY = 25;

/** Where two decisions lie so far apart, an anchor is nearer to the second than the first is. */
const FAR_APART = 20_000;

type Offered = DirectorRecord & { readonly body: DirectorEvent & { type: 'work-item-offered' } };

/**
 * Explains every decision about a work item, the oldest first, and last why it waits, if it does.
 *
 * @returns What is unknown where there is no such item, or no such offer of it.
 * @throws The signal's reason.
 */
export async function explainItem(
  question: Question,
  parts: ExplainParts,
): Promise<Explanation | Unknown> {
  const { history, signal } = parts;
  const records = await history.recordsOf(question.item, signal);
  const offers = records.filter(isOffer);
  const isAboutOffer = question.offer !== undefined && question.offer !== WAIT;
  const asked =
    question.offer === undefined
      ? offers.slice(-MOST_DECISIONS)
      : offers.filter(({ body }) => body.offer === question.offer);
  if (records.length === 0) return 'unknown-item';
  if (isAboutOffer && asked.length === 0) return 'unknown-offer';

  const mostNamed = question.offer === undefined ? NAMED_OF_MANY : NAMED_OF_ONE;
  const decisions: Decision[] = [];
  let past: PastState | undefined;
  const goTo = async (position: number): Promise<DirectorState> => {
    if (past && position - past.state.position <= FAR_APART) await past.goTo(position);
    else past = await PastState.at(position, parts);
    return past.state;
  };
  for (const offer of asked) {
    const state = await goTo(offer.position - 1);
    await past?.take(offer.body.choice.configuration);
    decisions.push(await explainOffer(state, offer, { ...question, records, mostNamed, signal }));
  }
  if (!isAboutOffer) {
    const state = await goTo(await history.head());
    const waits = await explainWait(state, { ...question, ...parts, mostNamed: NAMED_OF_ONE });
    if (waits) decisions.push(waits);
  }
  return {
    item: question.item,
    entry: entryOf(records[0]),
    decisions,
    ended: endOf(records),
  };
}

function entryOf(first: DirectorRecord | undefined): Explanation['entry'] {
  if (first?.body.type !== 'work-item-entered') return undefined;
  const { channel, queue, enteredAt } = first.body;
  return { at: first.at, channel, queue, enteredAt };
}

/** How it ended: wrap-up may follow. */
function endOf(records: readonly DirectorRecord[]): Explanation['ended'] {
  for (const { at, body } of records) {
    if (body.type === 'work-item-closed') return { at, ending: body.ending, code: body.code };
    if (body.type === 'work-item-transferred') return { at, ending: 'transferred', as: body.to };
    if (body.type === 'work-item-merged') return { at, ending: 'merged', as: body.into };
  }
  return undefined;
}

/** How an offer ended, where it has. */
function offerEndOf(number: number, records: readonly DirectorRecord[]) {
  for (const { at, body } of records) {
    if (body.type !== 'offer-ended' || body.offer !== number) continue;
    return { at, ending: body.ending };
  }
  return undefined;
}

const isOffer = (record: DirectorRecord): record is Offered =>
  record.body.type === 'work-item-offered';

interface Asking {
  readonly item: WorkItemId;
  readonly agent?: AgentId | undefined;
  readonly mostNamed: number;
  readonly signal: AbortSignal;
}

async function explainOffer(
  state: DirectorState,
  { at, position, body }: Offered,
  asking: Asking & { readonly records: readonly DirectorRecord[] },
): Promise<Decision> {
  const { offer: number, agent, queue, choice } = body;
  const explained = isByRules(choice)
    ? explainDecision(state, body.item, at)
    : explainByHand(state, body.item, agent, at);
  const item = state.item(body.item);
  return {
    at,
    queue,
    work: standingOf(state, item, { agent, at }),
    offer: {
      number,
      position,
      agent,
      choice,
      isReproduced: explained?.agent === agent,
      ended: offerEndOf(number, asking.records),
    },
    ...(await reasonsOf(state, explained, agent, asking)),
  };
}

async function explainWait(
  state: DirectorState,
  asking: Asking & { readonly now: Instant },
): Promise<Decision | undefined> {
  const item = state.item(asking.item);
  if (item?.state !== 'queued') return undefined;
  const { now: at } = asking;
  return {
    at,
    queue: item.queue,
    work: standingOf(state, item, { at }),
    ...(await reasonsOf(state, explainDecision(state, item.id, at), undefined, asking)),
  };
}

/** Everybody's reason but the chosen one's, others having their turn in between. */
async function reasonsOf(
  state: DirectorState,
  explained: Explained | undefined,
  chosen: AgentId | undefined,
  { agent: asked, mostNamed, signal }: Asking,
): Promise<Pick<Decision, 'groups' | 'notLoggedIn' | 'asked'>> {
  const groups = new ReasonGroups(mostNamed);
  const { agents } = state.centre;
  let looked = 0;
  for (const agent of agents.keys()) {
    const reason = agent === chosen ? undefined : explained?.reasonOf(agent);
    if (reason) groups.add(agent, reason);
    if (++looked % AT_A_TIME !== 0) continue;
    await immediate();
    signal.throwIfAborted();
  }
  let configured = 0;
  for (const [id, { roles }] of state.configuration.all('agent')) {
    if (roles.includes('agent') && !agents.has(id)) configured++;
  }
  return {
    groups: groups.all(),
    notLoggedIn: configured,
    ...(asked && { asked: answerFor(state, explained, chosen, asked) }),
  };
}

function answerFor(
  state: DirectorState,
  explained: Explained | undefined,
  chosen: AgentId | undefined,
  agent: AgentId,
): NonNullable<Decision['asked']> {
  if (agent === chosen) return { agent, is: 'chosen' };
  if (!state.centre.agents.has(agent)) {
    const isKnown = state.configuration.has('agent', agent);
    return { agent, is: isKnown ? 'not-logged-in' : 'unknown' };
  }
  const reason: Reason | undefined = explained?.reasonOf(agent);
  return { agent, is: 'not-chosen', reason };
}

function standingOf(
  state: DirectorState,
  item: OpenWorkItem | undefined,
  { agent, at }: { agent?: AgentId; at: Instant },
): WorkStanding {
  if (!item) return { tier: 0, priority: 0, enteredAt: at };
  const { step = 0, requirements, queue, priority, enteredAt } = item;
  const must = requirements?.[step]?.requirement.must;
  return {
    tier: item.tier ?? state.queue(queue)?.tier ?? 0,
    priority,
    enteredAt,
    ...(requirements && requirements.length > 0 && { step }),
    ...(must && { asks: printExpression(must) }),
    ...(agent && { next: nextBehind(state, item, agent, at) }),
  };
}
