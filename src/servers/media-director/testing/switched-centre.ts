/** A small centre beside a switch `sim`, with everything that is on its way between the two. Only tests import this file. */
import type { Instant } from '#base/time.ts';
import { SwitchId, type AgentId } from '#domain/ids.ts';
import type { AuthorityMode } from '#domain/switch/authority.ts';
import type { AgentAtSwitch, AgentCommand, SwitchEvent } from '#domain/switch/driver.ts';
import {
  simSnapshot,
  simStep,
  simSwitch,
  type SimInput,
  type SimSwitch,
} from '#domain/switch/sim.ts';
import { switchCommand } from '#domain/switch/switch-command.ts';
import type { CommandParams } from '../rules/command.ts';
import type { SwitchIndex } from '../rules/interlock/switch-index.ts';
import { NOTHING_YET, type StartingPoint } from '../rules/director-state.ts';
import { RuleCentre, type Documents } from './centre.ts';

export const THE_SWITCH = SwitchId.parse('main');

/** What is on its way to the director: an event, or everything there is after the link came back. */
export type Told =
  | SwitchEvent
  | { readonly type: 'whole'; readonly agents: readonly AgentAtSwitch[] };

/** All of it at one moment, to go on from. */
export interface SwitchedMoment {
  readonly now: Instant;
  readonly director: StartingPoint;
  /** What a director remembers and another one does not. */
  readonly links: SwitchIndex['links'];
  readonly owed: SwitchIndex['owed'];
  readonly sim: SimSwitch;
  readonly toSwitch: readonly AgentCommand[];
  readonly toDirector: readonly Told[];
}

export class SwitchedCentre {
  readonly rules: RuleCentre;
  sim: SimSwitch;
  toSwitch: AgentCommand[];
  toDirector: Told[];
  /** The journal up to here has been read for commands. */
  #read: number;
  /** The journal begins behind it. */
  readonly #from: number;

  constructor(wanted: Documents, from: SwitchedMoment) {
    this.rules = new RuleCentre(wanted, from.now, from.director);
    const { switches } = this.rules.state;
    for (const [id, isUp] of from.links) switches.links.set(id, isUp);
    for (const [id, owed] of from.owed) switches.owed.set(id, owed);
    this.sim = from.sim;
    this.toSwitch = [...from.toSwitch];
    this.toDirector = [...from.toDirector];
    this.#from = from.director.position;
    this.#read = this.#from;
  }

  /** Begins with agents who are logged off at the switch, all of which the director has heard. */
  static begin(mode: AuthorityMode, agents: readonly AgentId[], wanted: Documents): SwitchedCentre {
    const sim = simSwitch(mode, agents);
    const toDirector: Told[] = [
      { type: 'link-changed', up: true },
      { type: 'whole', agents: simSnapshot(sim) },
    ];
    const from = {
      now: 1_000_000,
      director: NOTHING_YET,
      links: new Map(),
      owed: new Map(),
      sim,
      toSwitch: [],
      toDirector,
    };
    return new SwitchedCentre(wanted, from).settle();
  }

  get moment(): SwitchedMoment {
    const { state, now } = this.rules;
    const { position, lastOffer, entered, ended, centre, switches } = state;
    const { items, agents } = centre.snapshot();
    return {
      now,
      director: { position, items, agents, lastOffer, entered, ended },
      links: new Map(switches.links),
      owed: new Map(switches.owed),
      sim: this.sim,
      toSwitch: [...this.toSwitch],
      toDirector: [...this.toDirector],
    };
  }

  /** Something happens at the switch. */
  happens(input: SimInput): void {
    const { sim, events } = simStep(this.sim, input);
    this.sim = sim;
    if (!sim.isUp) this.toSwitch = []; // what is on its way when the link goes down is lost
    for (const event of events) {
      this.toDirector.push(event);
      if (event.type === 'link-changed' && event.up) this.toDirector.push(this.#whole());
    }
  }

  /** Something happens in the centre; what the switch is asked by it is on its way. */
  does(what: (rules: RuleCentre) => unknown): void {
    what(this.rules);
    for (const { position, body } of this.rules.journal.slice(this.#read - this.#from)) {
      this.#read = position;
      const command = switchCommand(body);
      if (command && this.sim.isUp) this.toSwitch.push(command);
    }
  }

  /** The switch carries out the oldest command. */
  carryOut(): void {
    const command = this.toSwitch.shift();
    if (!command) return;
    this.happens({ type: 'time', now: this.rules.now });
    this.happens(command);
  }

  /** The director hears the oldest event. */
  hear(): void {
    const told = this.toDirector.shift();
    if (told) this.does((rules) => this.#tell(rules, told));
  }

  /** Everything that is on its way arrives. */
  settle(): this {
    while (this.toSwitch.length + this.toDirector.length > 0) {
      this.carryOut();
      while (this.toDirector.length > 0) this.hear();
    }
    return this;
  }

  /** What a report is answered may ask for everything. */
  #report(
    rules: RuleCentre,
    report: Pick<CommandParams['switchReports'], 'up' | 'agents' | 'isWhole'>,
  ): void {
    const { isWholeWanted } = rules.run('switchReports', { switch: THE_SWITCH, ...report });
    const isComing = this.toDirector.some(({ type }) => type === 'whole');
    if (isWholeWanted && this.sim.isUp && !isComing) this.toDirector.push(this.#whole());
  }

  #whole(): Told {
    return { type: 'whole', agents: simSnapshot(this.sim) };
  }

  #tell(rules: RuleCentre, told: Told): void {
    const of = { switch: THE_SWITCH };
    switch (told.type) {
      case 'link-changed':
        this.#report(rules, { up: told.up, agents: [] });
        return;
      case 'whole': {
        const agents = told.agents.map((agent) => ({ ...agent, calls: [...agent.calls] }));
        this.#report(rules, { up: true, agents, isWhole: true });
        return;
      }
      case 'state-changed':
      case 'agent-reported': {
        const { agent, state } = told;
        const calls = told.type === 'agent-reported' ? { calls: [...told.calls] } : {};
        this.#report(rules, { up: true, agents: [{ agent, state, ...calls }] });
        return;
      }
      case 'call-landed':
      case 'call-ended': {
        const { agent, call } = told;
        rules.run(told.type === 'call-landed' ? 'callLanded' : 'callEnded', { ...of, agent, call });
        return;
      }
      case 'confirmed': {
        const { agent, request, outcome } = told;
        rules.run('stateConfirmed', { ...of, agent, request, outcome });
        return;
      }
      case 'route-requested':
      case 'call-arrived':
      case 'caller-left':
        return; // here calls are given out by the switch
    }
  }
}
