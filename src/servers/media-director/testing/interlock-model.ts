/**
 * Everything that can happen around the interlock, one thing after the other in any order: what callers,
 * agents, customers, the switch, the link and the director's timers do. Only tests import this file.
 */
import type { Instant } from '#base/time.ts';
import { AgentId, CallId, EntryPointId, WorkItemId } from '#domain/ids.ts';
import type { SimInput } from '#domain/switch/sim.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DueCommand } from '../rules/command.ts';
import { dueAtSwitch } from '../rules/interlock/due-at-switch.ts';
import { isResting, refusedBy, restEnds } from '../rules/rest.ts';
import { POLICY, submission, type Documents } from './centre.ts';
import { SwitchedCentre, THE_SWITCH, type SwitchedMoment } from './switched-centre.ts';

/** How often each of the things that need not happen may happen. */
export interface Budget {
  /** Text that comes in. */
  readonly texts: number;
  /** Calls that the switch gives out, and calls to an agent's own number. */
  readonly calls: number;
  readonly directCalls: number;
  /** States that an agent sets at the phone. */
  readonly sets: number;
  readonly linkLosses: number;
  /** Commands that the switch refuses, and that it never answers. */
  readonly refusals: number;
  readonly silences: number;
  readonly declines: number;
  readonly abandons: number;
  readonly logOuts: number;
  /** Directors that begin anew from what is durable, and switches that are taken for lost and are not. */
  readonly restarts: number;
}

/** One moment of the model. */
export interface ModelState {
  readonly moment: SwitchedMoment;
  readonly budget: Budget;
  /** What each agent last set at the phone themselves. */
  readonly own: Readonly<Record<AgentId, 'ready' | 'lunch'>>;
}

/** Something that can happen now. */
export interface ModelDeed {
  readonly name: string;
  readonly uses?: keyof Budget;
  readonly own?: readonly [AgentId, 'ready' | 'lunch'];
  readonly run: (centre: SwitchedCentre) => void;
}

const BLENDED = {
  capacity: { voice: 1, 'web-chat': 1 },
  switch: { id: THE_SWITCH, mode: 'switch-acd' },
};
const AGENTS = ['agent-1', 'agent-2'].map((id) => AgentId.parse(id));
const HOTLINE = EntryPointId.parse('hotline');
const LUNCH = { state: 'not-ready', reason: 'lunch' } as const;
const READY = { state: 'ready' } as const;

const idOf = (n: number): WorkItemId =>
  WorkItemId.parse(`00000000-0000-7000-8000-${`${n}`.padStart(12, '0')}`);
/** A call that waits here. */
export const VOICE = idOf(99);
/** When the customer of a text began to wait: no return may change it. */
export const waitsSince = (item: WorkItemId): number => 10_000 - Number(item.slice(-3));

/** Agents ready here and at their phones, and a call that waits here and that none of them may have. */
export class InterlockModel {
  readonly #agents: readonly AgentId[];
  readonly #documents: Documents;

  constructor(agents: number) {
    this.#agents = AGENTS.slice(0, agents);
    this.#documents = {
      agent: Object.fromEntries(this.#agents.map((id) => [id, BLENDED])),
      queue: { sales: {} },
    };
  }

  begin(budget: Budget): ModelState {
    const centre = SwitchedCentre.begin('switch-acd', this.#agents, this.#documents);
    for (const agent of this.#agents) {
      centre.does((rules) => rules.ready(agent));
      centre.settle().happens({ type: 'set', agent, state: READY });
    }
    centre.settle();
    const item = submission({ id: VOICE, channel: 'voice', enteredAt: waitsSince(VOICE) });
    centre.does((rules) => rules.run('submit', { item }));
    const own = Object.fromEntries(this.#agents.map((agent) => [agent, 'ready' as const]));
    return { moment: centre.moment, budget, own };
  }

  /** A centre that goes on from a moment, as a director that begins anew would. */
  at({ moment }: ModelState): SwitchedCentre {
    return new SwitchedCentre(this.#documents, moment);
  }

  /** What can happen now. */
  deeds(state: ModelState): ModelDeed[] {
    const { moment, budget } = state;
    const deeds = [
      ...deedsOnTheWay(moment),
      ...deedsAtTheSwitch(moment, this.#agents),
      ...deedsInTheCentre(moment, budget, this.#agents),
      ...deedsOfTheClock(moment),
    ];
    return deeds.filter(({ uses }) => uses === undefined || budget[uses] > 0);
  }

  /** The moment after a deed. */
  after(state: ModelState, { run, uses, own }: ModelDeed, centre = this.at(state)): ModelState {
    run(centre);
    const budget = uses ? { ...state.budget, [uses]: state.budget[uses] - 1 } : state.budget;
    return {
      moment: centre.moment,
      budget,
      own: own ? { ...state.own, [own[0]]: own[1] } : state.own,
    };
  }
}

function deedsOnTheWay({ toSwitch, toDirector, sim }: SwitchedMoment): ModelDeed[] {
  const answers = (how: 'refuses' | 'silent') => (centre: SwitchedCentre) => {
    centre.happens({ type: 'answers', answers: how });
    centre.carryOut();
    centre.happens({ type: 'answers', answers: 'obeys' });
  };
  const deeds: ModelDeed[] = [];
  if (toSwitch.length > 0 && sim.isUp) {
    deeds.push({ name: 'the switch obeys', run: (centre) => centre.carryOut() });
    deeds.push({ name: 'the switch refuses', uses: 'refusals', run: answers('refuses') });
    deeds.push({ name: 'the switch is silent', uses: 'silences', run: answers('silent') });
  }
  if (toDirector.length > 0) {
    deeds.push({ name: 'the director hears', run: (centre) => centre.hear() });
  }
  return deeds;
}

function deedsAtTheSwitch({ sim }: SwitchedMoment, agents: readonly AgentId[]): ModelDeed[] {
  const at = (name: string, input: SimInput, more: Omit<ModelDeed, 'name' | 'run'> = {}) => ({
    name,
    ...more,
    run: (centre: SwitchedCentre) => centre.happens(input),
  });
  const free = (prefix: string): CallId => {
    const taken = sim.calls.filter(({ id }) => id.startsWith(prefix)).length;
    return CallId.parse(`${prefix}-${taken}`);
  };
  return [
    at(
      'somebody calls',
      { type: 'call', call: free('acd'), entryPoint: HOTLINE },
      { uses: 'calls' },
    ),
    ...agents.flatMap((agent) => [
      at(
        `somebody calls ${agent}`,
        { type: 'direct-call', call: free('own'), agent },
        { uses: 'directCalls' },
      ),
      at(
        `${agent} sets ready`,
        { type: 'set', agent, state: READY },
        { uses: 'sets', own: [agent, 'ready'] },
      ),
      at(
        `${agent} sets lunch`,
        { type: 'set', agent, state: LUNCH },
        { uses: 'sets', own: [agent, 'lunch'] },
      ),
    ]),
    ...sim.calls.map(({ id }) => at(`${id} hangs up`, { type: 'hang-up', call: id })),
    sim.isUp
      ? at('the link is lost', { type: 'link', up: false }, { uses: 'linkLosses' })
      : at('the link is back', { type: 'link', up: true }),
  ];
}

function deedsInTheCentre(
  { director: { items, agents }, links, owed, toDirector }: SwitchedMoment,
  budget: Budget,
  all: readonly AgentId[],
): ModelDeed[] {
  const deeds: ModelDeed[] = [];
  const does = (name: string, run: Parameters<SwitchedCentre['does']>[0], uses?: keyof Budget) =>
    deeds.push({ name, ...(uses && { uses }), run: (centre) => centre.does(run) });
  const id = idOf(budget.texts);
  const item = submission({ id, enteredAt: waitsSince(id) });
  does('a text comes in', (rules) => rules.run('submit', { item }), 'texts');
  for (const { id, state, agent, channel } of items) {
    if (channel === 'voice') continue;
    does('a customer leaves', (rules) => rules.run('abandon', { item: id }), 'abandons');
    if (state === 'offered') {
      does(`${agent} accepts`, (rules) => rules.accept(id));
      does(`${agent} declines`, (rules) => rules.decline(id), 'declines');
      does(`${agent} cannot see it`, (rules) => rules.expire(id, false), 'declines');
    }
    if (state === 'accepted') does(`${agent} closes`, (rules) => rules.close(id));
  }
  for (const agent of all) {
    const isHere = agents.some(({ id }) => id === agent);
    if (isHere)
      does(`${agent} logs out`, (rules) => rules.run('logOut', { agent, by: BOSS }), 'logOuts');
    else does(`${agent} is here`, (rules) => rules.ready(agent));
  }
  const isUp = links.get(THE_SWITCH) === true;
  if (isUp) {
    does(
      'the switch was silent',
      (rules) => rules.run('switchSilent', { switch: THE_SWITCH }),
      'restarts',
    );
    deeds.push({
      name: 'another director goes on',
      uses: 'restarts',
      run: (centre) => {
        centre.rules.state.switches.links.clear();
        centre.rules.state.switches.owed.clear();
        centre.does((rules) => rules.run('resumed', {}));
      },
    });
  }
  // Every 5 s the xml-server says what it knows of the link; where nothing comes of it, it does no harm.
  if (toDirector.length === 0 && (!isUp || owed.size > 0)) {
    deeds.push({ name: 'the switch speaks', run: speak });
  }
  return deeds;
}

const BOSS = AgentId.parse('supervisor-1');

function speak({ sim, rules, toDirector }: SwitchedCentre): void {
  const waits = [...rules.state.switches.owed.values()].map(({ deadline }) => deadline);
  rules.now = Math.max(rules.now, ...waits);
  toDirector.push({ type: 'link-changed', up: sim.isUp });
}

function deedsOfTheClock({
  director: { items, agents },
  toSwitch,
  toDirector,
  now,
}: SwitchedMoment): ModelDeed[] {
  const due = [
    ...agents.flatMap((agent) => dueAtSwitch(agent)),
    ...items.flatMap((item) => restsOf(item, now)),
  ];
  return due.flatMap(({ at, command }): ModelDeed[] => {
    if (toSwitch.length + toDirector.length >= MOST_ON_THE_WAY) return [];
    return [
      {
        name: command.name,
        run: (centre) =>
          centre.does((rules) => {
            rules.now = Math.max(rules.now, at + 1);
            rules.run(command.name, command.params);
          }),
      },
    ];
  });
}

/** A switch that is slower than that is asked ever more, and nothing new comes of it. */
const MOST_ON_THE_WAY = 2;

function restsOf(
  item: OpenWorkItem,
  now: Instant,
): { readonly at: Instant; readonly command: DueCommand }[] {
  if (item.state !== 'queued') return [];
  return [...refusedBy(item)]
    .filter((agent) => isResting(POLICY, item, agent, now))
    .map((agent) => ({
      at: restEnds(POLICY, item, agent) ?? now,
      command: { name: 'restOver', params: { item: item.id, agent } },
    }));
}
