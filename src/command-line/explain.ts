import { Refusal } from '#base/refusal.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import {
  describeChoice,
  describeEnd,
  describeNext,
  describeOfferEnd,
  describeReason,
  describeReasonType,
  type Names,
} from '#domain/work-item/describe-reason.ts';
import type { Decision, Explanation, ReasonGroup } from '#domain/work-item/explanation.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { connectRunning } from './connect.ts';
import { formatTable } from './table.ts';
import { printTime, printTimeOfDay } from './times.ts';

export interface ExplainOptions {
  readonly agent?: string;
  readonly offer?: string;
  readonly json?: boolean;
}

/** What is long ago is read from a long journal. */
const PATIENCE = 120_000;

/** Agents named for a reason; all of them are counted. */
const NAMED = 6;

/** Refusals that say in their sentence what nothing is known of. */
const UNKNOWN: ReadonlySet<string> = new Set(['unknown-item', 'unknown-offer']);

/** `emcee explain WORK-ITEM`: every decision about it, and why nobody else got it. */
export async function explain(
  directory: string,
  workItem: string,
  options: ExplainOptions,
): Promise<void> {
  const item = WorkItemId.safeParse(workItem);
  if (!item.success) {
    throw new Error(
      `Cannot explain "${workItem}": a work item has an id as 0190b5d0-…, see the board`,
    );
  }
  await using director = connectRunning(mediaDirector, directory);
  const explanation = await director.call
    .explain(
      {
        item: item.data,
        agent: options.agent === undefined ? undefined : agentOf(options.agent),
        offer: options.offer === undefined ? undefined : offerOf(options.offer),
      },
      { timeout: PATIENCE },
    )
    .catch((error: unknown) => {
      if (!(error instanceof Refusal) || !UNKNOWN.has(error.code)) throw error;
      throw new Error(error.message, { cause: error });
    });
  if (options.json) {
    console.log(JSON.stringify(explanation, undefined, 2));
    return;
  }
  console.log(printExplanation(explanation, await namesOf(directory)));
}

function agentOf(text: string): AgentId {
  const agent = AgentId.safeParse(text);
  if (agent.success) return agent.data;
  throw new Error(`Cannot ask about agent "${text}": an agent's id is as agent-17`);
}

/** @throws {Error} One sentence. */
export function offerOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(
    `Cannot ask about offer "${text}": an offer has a number as 3, and 0 asks why it waits`,
  );
}

async function namesOf(directory: string): Promise<Names> {
  await using client = connectRunning(configurationServer, directory);
  const configuration = new Configuration();
  const { documents } = await client.call.list({ retired: true });
  for (const document of documents) configuration.apply(document);
  return {
    agent: (id) => configuration.nameOf('agent', id),
    queue: (id) => configuration.nameOf('queue', id),
    code: (id) => configuration.nameOf('code', id),
    time: printTimeOfDay,
  };
}

/** An explanation as people read it. */
export function printExplanation(explanation: Explanation, names: Names): string {
  const { item, entry, decisions, ended } = explanation;
  const came = entry
    ? `came into ${names.queue(entry.queue)} at ${printTime(entry.at)}`
    : 'came in longer ago than is kept';
  const end = ended ? `\nIt ${describeEnd(ended, names)} at ${printTime(ended.at)}.` : '';
  const heading = `Work item ${item} ${came}.${end}`;
  if (decisions.length === 0) return `${heading}\nIt was never offered, and does not wait.`;
  return [heading, ...decisions.map((decision) => printDecision(decision, names))].join('\n\n');
}

function printDecision(decision: Decision, names: Names): string {
  const { at, queue, work, offer, groups, notLoggedIn, asked } = decision;
  const lines = [
    offer
      ? `${printTime(at)}  Offer ${offer.number} to ${names.agent(offer.agent)}`
      : `${printTime(at)}  Waits in ${names.queue(queue)}`,
  ];
  if (offer) lines.push(`  why them      ${describeChoice(offer.choice)}`);
  lines.push(`  ${offer ? 'why this ' : 'its place'}     ${whyThis(work, names)}`);
  if (offer && !offer.isReproduced) {
    lines.push('  note          the rules of today would not choose so on what was known then');
  }
  if (offer?.ended) {
    const { ending, at: endedAt } = offer.ended;
    lines.push(`  how it ended  ${describeOfferEnd(ending)} at ${names.time(endedAt)}`);
  }
  if (asked) lines.push(`  ${names.agent(asked.agent).padEnd(12)}  ${answerOf(asked, names)}`);
  const rows = groups.flatMap((group) => rowsOf(group, names));
  if (notLoggedIn > 0) rows.push([`${notLoggedIn}`, 'not logged in', '']);
  if (rows.length === 0) lines.push('  Nobody else is an agent of this centre.');
  else
    lines.push(
      '',
      ...formatTable(rows)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  return lines.join('\n');
}

function whyThis({ tier, priority, enteredAt, asks, step, next }: Decision['work'], names: Names) {
  const asked = asks ? `, asks for ${asks}${step ? ` (step ${step + 1})` : ''}` : '';
  const before = next ? `; before ${next.item}: ${describeNext(next.by)}` : '';
  return `tier ${tier}, priority ${priority}, waiting since ${names.time(enteredAt)}${asked}${before}`;
}

function answerOf({ is, reason }: NonNullable<Decision['asked']>, names: Names): string {
  if (is === 'chosen') return 'was chosen';
  if (is === 'unknown') return 'is no agent of this centre';
  if (is === 'not-logged-in' || !reason) return 'was not logged in';
  return describeReason(reason, names);
}

/** How many, why, and who: one row where they share every word of the reason, else one each. */
function rowsOf({ type, count, agents }: ReasonGroup, names: Names): string[][] {
  const by = Map.groupBy(agents, ({ reason }) => describeReason(reason, names));
  const who = (some: ReasonGroup['agents'], of: number): string => {
    const named = some.slice(0, NAMED).map(({ agent }) => names.agent(agent));
    return of > named.length
      ? `${named.join(', ')} and ${of - named.length} more`
      : named.join(', ');
  };
  if (by.size === 1) return [...by].map(([words]) => [`${count}`, words, who(agents, count)]);
  const shown = [...by].slice(0, NAMED);
  const left = by.size - shown.length;
  return [
    [`${count}`, describeReasonType(type), ''],
    ...shown.map(([words, some]) => ['', `  ${words}`, who(some, some.length)]),
    ...(left > 0 ? [['', `  and ${left} other ways`, '']] : []),
  ];
}
