/** What happens in the large centre: agents answer, close, take breaks and log out; customers come, wait and leave. */
import { CodeId, type AgentId, type SegmentId, type WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { advance, type StepFacts } from '#servers/media-director/rules/advance.ts';
import { dueOfItem } from '#servers/media-director/rules/by-the-clock.ts';
import {
  commandOf,
  type CommandName,
  type CommandParams,
  type DueCommand,
} from '#servers/media-director/rules/command.ts';
import { DirectorState } from '#servers/media-director/rules/director-state.ts';
import { Heap } from '#servers/media-director/heap.ts';
import type { World } from './world.ts';

const LUNCH = CodeId.parse('logged-in');

/** Real time between two things that happen: 10,000 agents with contacts of a few minutes. */
const BETWEEN = 4;

const POLICY = {
  restAfterReturn: 5_000,
  vanishedWorkReturns: 14_400_000,
  vanishedLogOut: 900_000,
};

/** The director keeps so many endings at hand; older ones stand in its table. */
const ENDINGS_KEPT = 20_000;

/** Nothing of that kind falls due for most of what waits. */
const isDueAnew = ({ requirements, waitsForPreferredUntil, returns }: OpenWorkItem): boolean =>
  (requirements?.length ?? 0) > 1 || waitsForPreferredUntil !== undefined || returns !== undefined;

const WAITS_AFTER: ReadonlySet<DirectorEvent['type']> = new Set([
  'work-item-entered',
  'work-item-requeued',
  'requirement-relaxed',
]);

/** What falls due of which others may get work; the rest is told to reports alone. */
const MATCHES_ANEW: ReadonlySet<CommandName> = new Set([
  'requirementDue',
  'preferenceOver',
  'restOver',
]);

/** The facts of a step, made once for all: that is nothing that the director's rules have to do. */
class Facts implements StepFacts {
  at = 0;
  mayOffer = true;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get segment(): SegmentId {
    return this.#world.id() as SegmentId;
  }

  readonly newItem = (): WorkItemId => this.#world.id() as WorkItemId;
}

/** The centre at work: every step through `advance`, every record as the journal would have it. */
export class Churn {
  readonly state = new DirectorState(POLICY);
  readonly world: World;
  now = 1_700_000_000_000;
  /** Offers made. */
  decisions = 0;
  steps = 0;
  /** Characters that the journal would hold. */
  journaled = 0;
  /** Milliseconds that the director took for it, records written out included; who makes up what happens is not counted. */
  elapsed = 0;
  readonly #facts: Facts;
  readonly #due = new Heap<DueCommand>();
  /** Offers and contacts to be worked off, in no order: the last takes the place of who is taken. */
  readonly #offered: WorkItemId[] = [];
  readonly #accepted: WorkItemId[] = [];

  constructor(world: World) {
    this.world = world;
    this.#facts = new Facts(world);
    this.state.configure(world.documents());
    this.state.takeTouched();
  }

  /** Everybody is there and has what they can have, and `waiting` wait. */
  fill(): void {
    const { agents, size } = this.world;
    for (const agent of agents) {
      this.run('logIn', { agent, station: agent });
      this.run('setReadiness', { agent, readiness: { state: 'ready' } });
    }
    while (this.state.waiting.size < size.waiting) this.#submit();
    while (this.#offered.length > 0) this.#answer();
  }

  /** One thing happens. What is offered is answered before the next, so that work goes on. */
  step(): void {
    this.now += BETWEEN;
    this.#forget();
    this.#fallDue();
    const { chance } = this.world;
    const what = chance();
    if (what < 0.9) this.#close();
    else if (what < 0.94) this.#abandon();
    else if (what < 0.98) this.#takeBreak();
    else if (what < 0.99) this.#logOutAndIn();
    while (this.#offered.length > 0) this.#answer();
    while (this.state.waiting.size < this.world.size.waiting) this.#submit();
  }

  /** @param mayOffer Left out or true: whoever can be matched is. */
  run<K extends CommandName>(name: K, params: CommandParams[K], mayOffer = true): void {
    const { state, now: at } = this;
    const command = commandOf(name, params);
    this.#facts.at = at;
    this.#facts.mayOffer = mayOffer;
    const began = performance.now();
    const { events } = advance(state, command, this.#facts);
    const first = state.position - events.length + 1;
    const records = JSON.stringify(events.map((body, n) => ({ position: first + n, at, body })));
    this.elapsed += performance.now() - began;
    this.steps++;
    this.journaled += records.length;
    for (const body of events) {
      if (body.type === 'work-item-offered') {
        this.decisions++;
        this.#offered.push(body.item);
      } else if (WAITS_AFTER.has(body.type)) {
        this.#putDown(body);
      }
    }
  }

  /** What falls due for an item that waits from now on, or asks for something else. */
  #putDown(event: DirectorEvent): void {
    const item = 'item' in event ? this.state.item(event.item) : undefined;
    if (item?.state !== 'queued' || !isDueAnew(item)) return;
    for (const { key, at, command } of dueOfItem(this.state, item, this.now)) {
      if (MATCHES_ANEW.has(command.name)) this.#due.set({ key, at, due: at, what: command });
    }
  }

  /** As the director does after a checkpoint, many at once. */
  #forget(): void {
    const { endings } = this.state;
    if (endings.size < 2 * ENDINGS_KEPT) return;
    for (const id of endings.keys()) {
      if (endings.size <= ENDINGS_KEPT) return;
      endings.delete(id);
    }
  }

  #fallDue(): void {
    for (const { what } of this.#due.takeUntil(this.now)) this.run(what.name, what.params);
  }

  /** Work comes in, and nobody is matched yet. */
  submitOne(): WorkItemId {
    const item = this.world.submission(this.now);
    this.run('submit', { item }, false);
    return item.id;
  }

  #submit(): void {
    this.run('submit', { item: this.world.submission(this.now) });
  }

  /** The agent takes it; one in fifty declines. */
  #answer(): void {
    const id = this.#offered.pop();
    const item = id && this.state.item(id);
    if (item?.state !== 'offered' || !item.agent || item.offer === undefined) return;
    const answer = { item: item.id, agent: item.agent, offer: item.offer };
    if (this.world.chance() < 0.02) {
      this.run('decline', answer);
      return;
    }
    this.run('accept', answer);
    this.#accepted.push(item.id);
  }

  /** Somebody's contact ends and nobody is matched yet. @returns Who it was, where there was one. */
  endOne(): AgentId | undefined {
    this.now += BETWEEN;
    return this.#close(false);
  }

  /** Whoever can be matched is, and work goes on. */
  goOn(): void {
    this.run('resumed', {});
    while (this.#offered.length > 0) this.#answer();
  }

  #close(mayOffer = true): AgentId | undefined {
    const which = this.world.below(this.#accepted.length);
    const id = this.#accepted[which];
    const last = this.#accepted.pop();
    if (id === undefined || last === undefined) return undefined;
    if (which < this.#accepted.length) this.#accepted[which] = last;
    const item = this.state.item(id);
    if (item?.state !== 'accepted' || !item.agent) return undefined;
    this.run('close', { item: id, agent: item.agent }, mayOffer);
    return item.agent;
  }

  #abandon(): void {
    const queue = this.world.submission(this.now).queue;
    const first = this.state.waiting.line(queue, 'web-chat').first;
    if (first) this.run('abandon', { item: first.id });
  }

  #takeBreak(): void {
    const agent = this.world.pick(this.world.agents);
    if (!this.state.centre.agents.has(agent)) return;
    this.run('setReadiness', { agent, readiness: { state: 'not-ready', reason: LUNCH } });
    this.run('setReadiness', { agent, readiness: { state: 'ready' } });
  }

  #logOutAndIn(): void {
    const agent: AgentId = this.world.pick(this.world.agents);
    this.run('logOut', { agent, by: 'supervisor-1' as AgentId });
    this.run('logIn', { agent, station: agent });
    this.run('setReadiness', { agent, readiness: { state: 'ready' } });
  }
}
