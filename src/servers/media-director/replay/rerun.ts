import { setImmediate as immediate } from 'node:timers/promises';
import type { Instant, Milliseconds } from '#base/time.ts';
import { SegmentId, WorkItemId, type AgentId, type QueueId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import { Heap } from '../heap.ts';
import { advance } from '../rules/advance.ts';
import { dueOfQueue } from '../rules/brake-over.ts';
import { dueOfAgent, dueOfItem, type Due } from '../rules/by-the-clock.ts';
import { commandOf, type Command } from '../rules/command.ts';
import type { DirectorState, Touched } from '../rules/director-state.ts';
import type { Course, Happening, Script } from './script.ts';

export interface RerunOptions {
  /** As it is when the stretch begins, with what is to be tried; the rerun's own from now on. */
  readonly state: DirectorState;
  readonly script: Script;
  readonly from: Instant;
  readonly to: Instant;
  readonly signal: AbortSignal;
  /** Told of every event, as a journal would keep it. */
  readonly each: (record: DirectorRecord) => void;
  /** Told now and then how far it is. */
  readonly progress?: (at: Instant) => void;
}

/** Something that follows in its time from what was decided. */
type Next =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'close'; readonly item: WorkItemId }
  | { readonly type: 'leave'; readonly item: WorkItemId; readonly how: 'abandons' | 'taken-out' };

/** So many steps before others have their turn. */
const STEPS_AT_A_TIME = 500;

/** An agent who is to go and still has work finishes it: it is looked again so often. */
const LOOK_AGAIN: Milliseconds = 1_000;

/**
 * Lets the director decide a stretch anew: the world does what its script says, everything else is decided
 * by `advance()` as in the director. Time is the script's; a day takes some seconds.
 */
export class Rerun {
  /** Contacts that were turned away, for their queue was full or closed. */
  turnedAway = 0;
  readonly #options: RerunOptions;
  readonly #due = new Heap<Next>();
  /** What is void once an item or an agent does not name it any more. */
  readonly #named = new Map<WorkItemId | AgentId, string[]>();
  readonly #courses = new Map<WorkItemId, Course>();
  #ids = 0;

  constructor(options: RerunOptions) {
    this.#options = options;
    for (const [item, course] of options.script.courses) this.#courses.set(item, course);
  }

  /** Runs to the end of the stretch. @throws The signal's reason. */
  async run(): Promise<void> {
    const { state, script, from, to, signal, progress } = this.#options;
    this.#begin();
    this.#step(commandOf('configurationChanged', {}), from);
    this.#step(commandOf('resumed', {}), from);
    let [next, steps] = [0, 0];
    for (;;) {
      const happening = script.happenings[next];
      const due = this.#due.first;
      const at = Math.min(happening?.at ?? Infinity, due?.due ?? Infinity);
      if (at >= to) break;
      if (due && due.due < (happening?.at ?? Infinity)) {
        this.#due.delete(due.key);
        this.#do(due.what, Math.max(at, from));
      } else if (happening) {
        this.#happen(happening, Math.max(at, from));
        next++;
      }
      if (++steps % STEPS_AT_A_TIME !== 0) continue;
      progress?.(at);
      state.takeTouched();
      await immediate();
      signal.throwIfAborted();
    }
  }

  /** What goes on when the stretch begins goes on. */
  #begin(): void {
    const { state, from } = this.#options;
    const { items, agents } = state.centre;
    this.#sync({ items: new Set(items.keys()), agents: new Set(agents.keys()) }, from);
    for (const item of items.values()) {
      const { id, agent, offer, segment } = item;
      if (item.state === 'offered' && agent && offer !== undefined) {
        this.#accepts(id, agent, offer, from);
      } else if (segment) this.#closes(id, from);
      else this.#leaves(id, item.queuedAt);
    }
    for (const { id, wrapUps } of agents.values()) {
      for (const { item, segment } of wrapUps) this.#endsWrapUp(id, item, segment, from);
    }
  }

  #happen(happening: Happening, at: Instant): void {
    if (happening.type === 'command') return this.#ask(happening.command, at);
    this.#options.state.configure(happening.documents);
    this.#step(commandOf('configurationChanged', {}), at);
  }

  #do(next: Next, at: Instant): void {
    const { state } = this.#options;
    if (next.type === 'command') return this.#ask(next.command, at);
    const item = state.item(next.item);
    if (!item) return;
    if (next.type === 'leave') {
      if (item.segment) return; // it was answered
      if (next.how === 'abandons') this.#step(commandOf('abandon', { item: item.id }), at);
      else this.#step(commandOf('forceClose', { item: item.id, by: BY }), at);
      return;
    }
    const { agent } = item;
    if (!agent || !item.segment) return; // it came back to its queue meanwhile
    const code = this.#courses.get(item.id)?.code;
    const isClosed = this.#step(commandOf('close', { item: item.id, agent, code }), at);
    if (!isClosed) this.#step(commandOf('forceClose', { item: item.id, by: agent }), at);
  }

  #ask(command: Command, at: Instant): void {
    if (this.#step(command, at)) return;
    if (command.name === 'submit') this.turnedAway++;
    if (command.name !== 'logOut') return;
    const { agent } = command.params;
    const reason = this.#someReason();
    if (reason) {
      const readiness = { state: 'not-ready', reason } as const;
      this.#step(commandOf('setReadiness', { agent, readiness }), at);
    }
    this.#put(`log-out ${agent}`, at + LOOK_AGAIN, { type: 'command', command });
  }

  #someReason() {
    const codes = this.#options.state.configuration.all('code');
    for (const [id, { use }] of codes) if (use === 'not-ready') return id;
    return undefined;
  }

  /** @returns False where it was refused. */
  #step(command: Command, at: Instant): boolean {
    const { state, each } = this.#options;
    const { events, touched, outcome } = advance(state, command, {
      at,
      mayOffer: true,
      segment: SegmentId.parse(this.#newId()),
      newItem: () => WorkItemId.parse(this.#newId()),
    });
    const first = state.position - events.length + 1;
    events.forEach((body, n) => {
      each({ position: first + n, at, body });
      this.#follow(body, at);
    });
    this.#sync(touched, at);
    return outcome.type === 'reply';
  }

  /** What follows in its time from an event. */
  #follow(event: DirectorEvent, at: Instant): void {
    const { type } = event;
    if (type === 'work-item-entered') {
      const course = event.previous && this.#courses.get(event.previous);
      if (course) this.#courses.set(event.item, course);
      else this.#leaves(event.item, at);
    }
    if (type === 'work-item-transferred') {
      const leaves = this.#due.get(`leave ${event.item}`);
      if (leaves?.what.type !== 'leave') return;
      this.#put(`leave ${event.to}`, leaves.due, { ...leaves.what, item: event.to });
    }
    if (type === 'work-item-offered') this.#accepts(event.item, event.agent, event.offer, at);
    if (type === 'work-item-accepted') this.#closes(event.item, at);
    if (type === 'wrap-up-started') this.#endsWrapUp(event.agent, event.item, event.segment, at);
  }

  #accepts(item: WorkItemId, agent: AgentId, offer: number, at: Instant): void {
    const { deadline = Infinity } = this.#options.state.item(item) ?? {};
    const after = this.#courses.get(item)?.acceptsAfter ?? this.#usual(item).acceptsAfter;
    const command = commandOf('accept', { item, agent, offer });
    const due = Math.max(Math.min(at + after, deadline - 1), at);
    this.#put(`accept ${item}`, due, { type: 'command', command });
  }

  #closes(item: WorkItemId, at: Instant): void {
    const { handling, isUnended } = this.#courses.get(item) ?? {};
    const usual = this.#usual(item).handling;
    const time = isUnended ? Math.max(handling ?? 0, usual) : (handling ?? usual);
    this.#put(`close ${item}`, at + time, { type: 'close', item });
  }

  #leaves(item: WorkItemId, since: Instant): void {
    const { leaves } = this.#courses.get(item) ?? {};
    if (!leaves) return;
    const { after, how } = leaves;
    this.#put(`leave ${item}`, since + after, { type: 'leave', item, how });
  }

  #endsWrapUp(agent: AgentId, item: WorkItemId, segment: SegmentId, at: Instant): void {
    const { wrapUp, code } = this.#courses.get(item) ?? {};
    const command = commandOf('endWrapUp', { agent, item, code });
    const due = at + (wrapUp ?? this.#usual(item).wrapUp);
    this.#put(`end ${segment}`, due, { type: 'command', command });
  }

  #usual(item: WorkItemId) {
    return this.#options.script.usual(this.#courses.get(item)?.queue);
  }

  /** Puts down what falls due by itself for what has changed, as the director does. */
  #sync({ items, agents }: Touched, at: Instant): void {
    const { state } = this.#options;
    const { policy, centre } = state;
    const queues = new Set<QueueId>();
    for (const id of items) {
      const item = centre.items.get(id);
      this.#replace(id, item ? dueOfItem(state, item, at) : []);
      if (item) queues.add(item.queue);
      else for (const what of OF_ITEM) this.#due.delete(`${what} ${id}`);
    }
    for (const queue of queues) this.#putAll(dueOfQueue(state, queue, at));
    for (const id of agents) {
      const status = centre.agents.get(id);
      const hasWork = state.workOf(id).length > 0;
      this.#replace(id, status ? dueOfAgent(policy, status, hasWork) : []);
    }
  }

  #replace(subject: WorkItemId | AgentId, due: readonly Due[]): void {
    for (const key of this.#named.get(subject) ?? []) this.#due.delete(key);
    const named = due.flatMap(({ key, stays }) => (stays ? [] : [key]));
    if (named.length > 0) this.#named.set(subject, named);
    else this.#named.delete(subject);
    this.#putAll(due);
  }

  #putAll(due: readonly Due[]): void {
    for (const { key, at, command } of due) this.#put(key, at, { type: 'command', command });
  }

  #put(key: string, due: Instant, what: Next): void {
    this.#due.set({ key, at: due, due, what });
  }

  /** The same ids in every run: a rerun is as repeatable as what it repeats. */
  #newId(): string {
    return `00000000-0000-7000-8000-${(++this.#ids).toString(16).padStart(12, '0')}`;
  }
}

/** What is put down for a work item by its course. */
const OF_ITEM = ['accept', 'close', 'leave'] as const;

/** In whose name work is taken out that was taken out by hand. */
const BY = 'replay' as AgentId;
