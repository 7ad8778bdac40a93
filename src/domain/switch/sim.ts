/**
 * The switch `sim`: for tests and the lab, never for customers. A state machine without clock or chance:
 * what callers and agents do, when, and how the switch answers all come in.
 *
 * ```
 * ours       call ─▶ call-arrived ─▶ (connect) ─▶ lands ─▶ ended
 * switch-acd call ─▶ waits ─▶ lands at the agent who has been ready longest ─▶ ended ─▶ wrap-up
 * adjunct    call ─▶ route-requested ─▶ (route: agent) ─▶ lands      nobody answers ─▶ waits, as above
 * ```
 */
import type { AgentId, CallId, EntryPointId, Instant } from '../ids.ts';
import { INTERLOCK_REASON, type SwitchAgentState } from './at-switch.ts';
import type { AuthorityMode } from './authority.ts';
import type { AgentAtSwitch, AgentCommand, CallCommand, SwitchEvent } from './driver.ts';

/** How it answers what it is asked about agents; `silent` does nothing and never says so. */
export type SimAnswers = 'obeys' | 'refuses' | 'silent';

interface SimAgent {
  readonly id: AgentId;
  /** What they are but for calls. */
  readonly state: Exclude<SwitchAgentState, { state: 'on-call' | 'unknown' }>;
  /** The call the switch gave them, which makes them `on-call`. */
  readonly given?: CallId | undefined;
  /** Calls of any kind, the oldest first. */
  readonly calls: readonly CallId[];
}

interface SimCall {
  readonly id: CallId;
  readonly state: 'asking' | 'waiting' | 'landed';
  readonly agent?: AgentId | undefined;
}

/** All of it, and nothing else: two equal states behave alike. */
export interface SimSwitch {
  readonly authority: AuthorityMode;
  /** After a call that the switch gave them, agents wrap up until they say ready. */
  readonly hasWrapUp: boolean;
  readonly isUp: boolean;
  readonly answers: SimAnswers;
  readonly now: Instant;
  /** Who has been ready longest stands first among the ready. */
  readonly agents: readonly SimAgent[];
  /** In the order in which they came in. */
  readonly calls: readonly SimCall[];
}

/** What happens to the switch. */
export type SimInput =
  | AgentCommand
  | CallCommand
  | { readonly type: 'time'; readonly now: Instant }
  | { readonly type: 'link'; readonly up: boolean }
  | { readonly type: 'answers'; readonly answers: SimAnswers }
  /** Somebody calls in. */
  | { readonly type: 'call'; readonly call: CallId; readonly entryPoint: EntryPointId }
  /** Somebody calls the agent's own number, whatever state they are in; or the agent calls somebody. */
  | { readonly type: 'direct-call'; readonly call: CallId; readonly agent: AgentId }
  /** Either side hangs up. */
  | { readonly type: 'hang-up'; readonly call: CallId }
  /** `adjunct`: the time to answer is over. */
  | { readonly type: 'give-up'; readonly call: CallId }
  /** The agent sets it at the phone. */
  | { readonly type: 'set'; readonly agent: AgentId; readonly state: SimAgent['state'] };

/** What became of an input. */
export interface SimStep {
  readonly sim: SimSwitch;
  readonly events: readonly SwitchEvent[];
}

/** A switch with its agents logged off, linked, that does what it is asked. */
export const simSwitch = (
  authority: AuthorityMode,
  agents: readonly AgentId[],
  { hasWrapUp = false } = {},
): SimSwitch => ({
  authority,
  hasWrapUp,
  isUp: true,
  answers: 'obeys',
  now: 0,
  agents: agents.map((id) => ({ id, state: { state: 'logged-off' }, calls: [] })),
  calls: [],
});

/** All agents as they are now. */
export const simSnapshot = (sim: SimSwitch): AgentAtSwitch[] => sim.agents.map(seenFromOutside);

/** One input; what makes no sense now changes nothing. While the link is down it goes on and tells nobody. */
export function simStep(sim: SimSwitch, input: SimInput): SimStep {
  const step = new Step(sim);
  step.take(input);
  return step.done();
}

class Step {
  readonly #before: SimSwitch;
  readonly #events: SwitchEvent[] = [];
  #sim: SimSwitch;

  constructor(sim: SimSwitch) {
    this.#before = sim;
    this.#sim = sim;
  }

  done(): SimStep {
    const { isUp } = this.#sim;
    const told = isUp ? this.#events : this.#events.filter((e) => e.type === 'link-changed');
    return { sim: this.#sim, events: told };
  }

  take(input: SimInput): void {
    switch (input.type) {
      case 'time':
        this.#sim = { ...this.#sim, now: Math.max(input.now, this.#sim.now) };
        return;
      case 'answers':
        this.#sim = { ...this.#sim, answers: input.answers };
        return;
      case 'link':
        if (input.up === this.#sim.isUp) return;
        this.#sim = { ...this.#sim, isUp: input.up };
        this.#tell({ type: 'link-changed', up: input.up });
        return;
      case 'set':
        return this.#setState(input.agent, input.state);
      case 'call':
        return this.#arrive(input.call, input.entryPoint);
      case 'direct-call':
        if (this.#agent(input.agent) && !this.#call(input.call))
          this.#land(input.call, input.agent);
        return;
      case 'hang-up':
        return this.#end(input.call);
      case 'give-up':
        if (this.#call(input.call)?.state === 'asking') this.#wait(input.call);
        return;
      default:
        if (this.#before.isUp) this.#command(input);
    }
  }

  #command(command: AgentCommand | CallCommand): void {
    switch (command.type) {
      case 'interlock':
      case 'restore':
        return this.#ask(command);
      case 'report': {
        const agent = this.#agent(command.agent);
        if (agent) this.#tell({ type: 'agent-reported', ...seenFromOutside(agent) });
        return this.#confirm(command, agent !== undefined);
      }
      case 'connect':
        if (this.#isAsking(command.call, 'ours')) this.#land(command.call, command.agent);
        return;
      case 'release':
        return this.#end(command.call);
      case 'route': {
        const { call, agent } = command;
        if (!this.#isAsking(call, 'adjunct')) return;
        const can = agent !== undefined && this.#agent(agent)?.state.state !== 'logged-off';
        return can ? this.#land(call, agent, true) : this.#wait(call);
      }
    }
  }

  #ask(command: AgentCommand & { type: 'interlock' | 'restore' }): void {
    if (this.#sim.answers === 'silent') return;
    const agent = this.#agent(command.agent);
    if (!agent || this.#sim.answers === 'refuses') return this.#confirm(command, false);
    if (command.type === 'restore') {
      if (isInterlock(agent.state)) this.#setState(agent.id, READY);
      return this.#confirm(command, true);
    }
    const { state } = agent.state;
    const isFree = agent.calls.length === 0 && (state === 'ready' || isInterlock(agent.state));
    const may = isFree && this.#sim.now <= command.deadline;
    if (may) this.#setState(agent.id, INTERLOCKED);
    this.#confirm(command, may);
  }

  #confirm({ agent, request }: AgentCommand, isDone: boolean): void {
    this.#tell({ type: 'confirmed', agent, request, outcome: isDone ? 'done' : 'refused' });
  }

  #arrive(id: CallId, entryPoint: EntryPointId): void {
    if (this.#call(id)) return;
    const { authority } = this.#sim;
    const state = authority === 'switch-acd' ? 'waiting' : 'asking';
    this.#sim = { ...this.#sim, calls: [...this.#sim.calls, { id, state }] };
    if (authority === 'ours') this.#tell({ type: 'call-arrived', call: id, entryPoint });
    if (authority === 'adjunct') this.#tell({ type: 'route-requested', call: id, entryPoint });
    this.#distribute();
  }

  /** The switch's own next step. */
  #wait(id: CallId): void {
    this.#replaceCall({ id, state: 'waiting' });
    this.#distribute();
  }

  /** Calls that wait go to whoever has been ready longest. */
  #distribute(): void {
    for (const { id, state } of this.#sim.calls) {
      if (state !== 'waiting') continue;
      const free = this.#sim.agents.find((a) => a.state.state === 'ready' && a.calls.length === 0);
      if (!free) return;
      this.#land(id, free.id, true);
    }
  }

  #land(id: CallId, to: AgentId, isGiven = false): void {
    const agent = this.#agent(to);
    if (!agent) return;
    if (this.#call(id)) this.#replaceCall({ id, state: 'landed', agent: to });
    else
      this.#sim = { ...this.#sim, calls: [...this.#sim.calls, { id, state: 'landed', agent: to }] };
    const given = isGiven ? id : agent.given;
    this.#replaceAgent({ ...agent, given, calls: [...agent.calls, id] });
    this.#tell({ type: 'call-landed', agent: to, call: id });
  }

  #end(id: CallId): void {
    const call = this.#call(id);
    if (!call) return;
    this.#sim = { ...this.#sim, calls: this.#sim.calls.filter((c) => c.id !== id) };
    if (call.state !== 'landed') return this.#tell({ type: 'caller-left', call: id });
    const agent = call.agent && this.#agent(call.agent);
    if (!agent) return;
    const wasGiven = agent.given === id;
    this.#tell({ type: 'call-ended', agent: agent.id, call: id });
    this.#replaceAgent({
      ...agent,
      given: wasGiven ? undefined : agent.given,
      calls: agent.calls.filter((c) => c !== id),
      state: wasGiven && this.#sim.hasWrapUp ? { state: 'wrap-up' } : agent.state,
    });
    this.#distribute();
  }

  #setState(id: AgentId, state: SimAgent['state']): void {
    const agent = this.#agent(id);
    if (!agent || isSame(agent.state, state)) return;
    // Who becomes ready stands behind those who were.
    const others = this.#sim.agents.filter((a) => a.id !== id);
    this.#sim = { ...this.#sim, agents: [...others, agent] };
    this.#replaceAgent({ ...agent, state });
    this.#distribute();
  }

  /** Tells the state where it differs from outside. */
  #replaceAgent(agent: SimAgent): void {
    const before = this.#agent(agent.id);
    const agents = this.#sim.agents.map((a) => (a.id === agent.id ? agent : a));
    this.#sim = { ...this.#sim, agents };
    const { state } = seenFromOutside(agent);
    if (before && isSame(seenFromOutside(before).state, state)) return;
    this.#tell({ type: 'state-changed', agent: agent.id, state });
  }

  #replaceCall(call: SimCall): void {
    const calls = this.#sim.calls.map((c) => (c.id === call.id ? call : c));
    this.#sim = { ...this.#sim, calls };
  }

  #isAsking(call: CallId, authority: AuthorityMode): boolean {
    return this.#sim.authority === authority && this.#call(call)?.state === 'asking';
  }

  #agent(id: AgentId): SimAgent | undefined {
    return this.#sim.agents.find((a) => a.id === id);
  }

  #call(id: CallId): SimCall | undefined {
    return this.#sim.calls.find((c) => c.id === id);
  }

  #tell(event: SwitchEvent): void {
    this.#events.push(event);
  }
}

const READY = { state: 'ready' } as const;
const INTERLOCKED = { state: 'not-ready', reason: INTERLOCK_REASON } as const;

const isInterlock = (state: SwitchAgentState): boolean => isSame(state, INTERLOCKED);

const isSame = (a: SwitchAgentState, b: SwitchAgentState): boolean =>
  a.state === b.state && reasonOf(a) === reasonOf(b);

const reasonOf = (state: SwitchAgentState): string | undefined =>
  state.state === 'not-ready' ? state.reason : undefined;

const seenFromOutside = ({ id, state, given, calls }: SimAgent): AgentAtSwitch => ({
  agent: id,
  state: given === undefined ? state : { state: 'on-call' },
  calls,
});
