/** Things that can happen in a small centre, at random. Only tests import this file. */
import * as fc from 'fast-check';
import { AgentId, CodeId, QueueId, type Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { dueOfQueue } from '../rules/brake-over.ts';
import { dueOfAgent, dueOfItem, type Due } from '../rules/by-the-clock.ts';
import { DEEDS_OF_AGENTS, DEEDS_OF_OWNERS } from './agent-deeds.ts';
import { newItemId, POLICY, submission, type RuleCentre } from './centre.ts';
import { DEEDS_OF_LINES, DEEDS_TO_LINES } from './line-deeds.ts';
import { PEOPLE_DEEDS } from './people-deeds.ts';
import { codeOf } from './refusals.ts';

const TASKS = { wrapUp: { longest: 30_000, codeRequired: false } };

/** Four agents of different skill and capacity, queues served in three ways, one limited and braked. */
export const DEEDS_CENTRE = {
  agent: {
    'agent-1': { capacity: { 'web-chat': 3, task: 1 }, skills: { french: 8 } },
    'agent-2': { capacity: { 'web-chat': 1 } },
    'agent-3': { capacity: { 'web-chat': 2, task: 2 }, skills: { french: 3 } },
    'agent-4': { capacity: { task: 1, email: 2 }, roles: ['supervisor'] },
  },
  queue: {
    sales: {},
    french: { serves: { type: 'skilled', skills: { french: 5 } }, priority: 3 },
    tasks: { ...TASKS, serves: { type: 'listed', agents: ['agent-3', 'agent-4'] } },
    braked: { offersPerMinute: 12, limits: { waiting: 2, longestWait: 30_000 }, overflow: 'sales' },
  },
  code: { lunch: { use: 'not-ready' } },
};
const AGENTS = Object.keys(DEEDS_CENTRE.agent).map((id) => AgentId.parse(id));
const QUEUES = Object.keys(DEEDS_CENTRE.queue).map((id) => QueueId.parse(id));
const CHANNELS: readonly Channel[] = ['web-chat', 'web-chat', 'task', 'email'];
const LUNCH = CodeId.parse('lunch');
const SUPERVISOR = AgentId.parse('supervisor-1');

/** The numbers choose among what there is when the deed is done. */
interface Chance {
  readonly which: number;
  readonly who: number;
  readonly how: number;
  readonly wait: number;
}

type Do = (centre: RuleCentre, agent: AgentId, chance: Chance) => unknown;
type DoToItem = (centre: RuleCentre, item: OpenWorkItem, agent: AgentId, chance: Chance) => unknown;

/** Done whether or not there is any work. */
const DEEDS: Readonly<Record<string, Do>> = {
  submit(centre, agent, { which, how }) {
    const item = submission({
      queue: pick(QUEUES, how),
      channel: pick(CHANNELS, how),
      enteredAt: centre.now - (which % 7) * 1_000,
      priority: how % 4 === 0 ? how % 10 : undefined,
      preferredAgent: how % 5 === 0 ? agent : undefined,
    });
    centre.run('submit', { item });
  },
  logIn: (centre, agent, { how }) =>
    centre.run('logIn', { agent, station: `station ${how % 2}`, takeOver: how % 3 === 0 }),
  logOut: (centre, agent, { how }) =>
    centre.run('logOut', { agent, by: how % 2 === 0 ? SUPERVISOR : undefined }),
  ready: (centre, agent) => centre.run('setReadiness', { agent, readiness: { state: 'ready' } }),
  readyButChat: (centre, agent) =>
    centre.run('setReadiness', {
      agent,
      readiness: { state: 'ready', except: { 'web-chat': LUNCH } },
    }),
  notReady: (centre, agent) =>
    centre.run('setReadiness', { agent, readiness: { state: 'not-ready', reason: LUNCH } }),
  vanish: (centre, agent) => centre.run('agentVanished', { agent }),
  comeBack: (centre, agent) => centre.run('present', { agents: [agent] }),
  absenceOver: (centre, agent) => centre.run('absenceOver', { agent }),
  /** Nobody is matched for a while: then everybody is, at once. */
  stall(centre, _, { which, how }) {
    for (let n = 0; n < 3; n++) {
      const queue = pick(QUEUES, which + n);
      const item = submission({
        queue,
        channel: pick(CHANNELS, how + n),
        enteredAt: centre.now - n,
      });
      codeOf(() => centre.run('submit', { item }, false)); // the limited queue may be full
    }
    for (const agent of AGENTS) {
      if (!centre.state.centre.agents.has(agent)) continue;
      centre.run('setReadiness', { agent, readiness: { state: 'ready' } }, false);
    }
    centre.run('resumed', {});
  },
  reconfigure(centre, _, { how }) {
    const agents = how % 2 === 0 ? ['agent-4'] : ['agent-3', 'agent-4', 'agent-2'];
    centre.configure({ queue: { tasks: { ...TASKS, serves: { type: 'listed', agents } } } });
  },
  retire(centre, _, { how }) {
    const { 'agent-3': body } = DEEDS_CENTRE.agent;
    centre.configure({ agent: { 'agent-3': { ...body, retired: how % 3 === 0 } } });
  },
  endWrapUp(centre, agent) {
    const wrapUp = centre.state.centre.agents.get(agent)?.wrapUps[0];
    if (wrapUp) centre.run('endWrapUp', { agent, item: wrapUp.item });
  },
  ...DEEDS_OF_AGENTS,
  ...DEEDS_OF_LINES,
};

/** Done to a work item, if there is one. */
const TO_ITEM: Readonly<Record<string, DoToItem>> = {
  accept: (centre, { id, agent: owner, offer = 1 }, agent) =>
    centre.run('accept', { item: id, agent: owner ?? agent, offer }),
  decline: (centre, { id, agent: owner, offer = 1 }, agent) =>
    centre.run('decline', { item: id, agent: owner ?? agent, offer }),
  close: (centre, { id, agent: owner }, agent) =>
    centre.run('close', { item: id, agent: owner ?? agent }),
  expire: (centre, { id, offer = 1 }, _, { how }) =>
    centre.run('offerExpired', { item: id, offer, seen: how % 3 > 0 }),
  abandon: (centre, { id }) => centre.run('abandon', { item: id }),
  customerWrote: (centre, { id }) => centre.run('customerWrote', { item: id }),
  park: (centre, { id, agent: owner }, agent, { how }) =>
    centre.run('park', { item: id, agent: owner ?? agent, until: centre.now + how * 100 }),
  parkBySupervisor: (centre, { id }, agent) =>
    centre.run('park', { item: id, agent, by: SUPERVISOR }),
  wake: (centre, { id }) => centre.run('wake', { item: id, by: SUPERVISOR }),
  transferToQueue: (centre, { id, agent: owner }, agent, { how }) =>
    centre.run('transfer', {
      item: id,
      agent: owner ?? agent,
      target: { queue: pick(QUEUES, how) },
      to: newItemId(),
    }),
  transferToAgent: (centre, { id, agent: owner }, agent) =>
    centre.run('transfer', { item: id, agent: owner ?? agent, target: { agent }, to: newItemId() }),
  assign: (centre, { id }, agent) => centre.run('assign', { item: id, agent, by: SUPERVISOR }),
  pullBack: (centre, { id }) => centre.run('pullBack', { item: id, by: SUPERVISOR }),
  forceClose: (centre, { id }) => centre.run('forceClose', { item: id, by: SUPERVISOR }),
  ...DEEDS_OF_OWNERS,
  ...DEEDS_TO_LINES,
  ...PEOPLE_DEEDS,
};

/** What happens most in a centre happens most here. */
const WEIGHTS: Readonly<Record<string, number>> = {
  submit: 12,
  submitOdd: 4,
  accept: 12,
  close: 8,
  logIn: 6,
  ready: 12,
  stall: 2,
  transferToAgent: 2,
  takeUp: 14,
  invite: 7,
  awaitSome: 4,
  awaitedWrites: 2,
  reportDevice: 2,
  answerInvitation: 10,
  transferToParticipant: 4,
  leave: 3,
  merge: 6,
};

/** One thing that happens, some time after the one before. */
export interface Deed extends Chance {
  readonly name: string;
}

export const someDeed: fc.Arbitrary<Deed> = fc.record({
  name: fc.oneof(
    ...[...Object.keys(DEEDS), ...Object.keys(TO_ITEM)].map((name) => ({
      weight: WEIGHTS[name] ?? 1,
      arbitrary: fc.constant(name),
    })),
  ),
  which: fc.nat(999),
  who: fc.nat(AGENTS.length - 1),
  how: fc.nat(999),
  wait: fc.constantFrom(0, 0, 1, 1, 10, 10, 1_000, 6_000, 40_000),
});

/** Lets time pass, doing what falls due on the way, `each` before time moves on; then does the deed. @throws {Refusal} An answer like any other. */
export function perform(centre: RuleCentre, deed: Deed, each: () => void): void {
  passTime(centre, centre.now + deed.wait, each);
  const agent = pick(AGENTS, deed.who);
  DEEDS[deed.name]?.(centre, agent, deed);
  const items = [...centre.state.centre.items.values()];
  const item = items[deed.which % items.length];
  if (item) TO_ITEM[deed.name]?.(centre, item, agent, deed);
}

function passTime(centre: RuleCentre, until: number, each: () => void): void {
  const done = new Set<string>();
  for (;;) {
    const due = dueOf(centre).filter((d) => d.at <= until && !done.has(keyOf(d)));
    const next = due.toSorted((a, b) => a.at - b.at)[0];
    if (!next) break;
    done.add(keyOf(next));
    if (next.at > centre.now) each();
    centre.now = Math.max(centre.now, next.at);
    centre.run(next.command.name, next.command.params);
  }
  each();
  centre.now = Math.max(centre.now, until);
}

const keyOf = ({ at, command }: Due): string => `${at} ${JSON.stringify(command)}`;

/** What falls due, this very millisecond too: several things can be due at once. */
function dueOf({ state, now }: RuleCentre): Due[] {
  const { items, agents } = state.centre;
  return [
    ...[...items.values()].flatMap((item) => [
      ...dueOfItem(state, item, now),
      ...dueOfItem(state, item, now - 1),
    ]),
    ...[...agents.values()].flatMap((agent) =>
      dueOfAgent(POLICY, agent, state.workOf(agent.id).length > 0),
    ),
    ...QUEUES.flatMap((queue) => [
      ...dueOfQueue(state, queue, now),
      ...dueOfQueue(state, queue, now - 1),
    ]),
  ];
}

function pick<T>(from: readonly T[], which: number): T {
  const picked = from[which % from.length];
  if (picked === undefined) throw new Error('Cannot pick from nothing');
  return picked;
}
