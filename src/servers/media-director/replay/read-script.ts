import type { Instant } from '#base/time.ts';
import { RESERVED_REASONS, type Readiness } from '#domain/agent/state.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentId, SegmentId, WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord, TransferCause } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { commandOf, type Command } from '../rules/command.ts';
import type { DirectorState } from '../rules/director-state.ts';
import { usualOf, type Course, type Happening, type Script } from './script.ts';

type EventOf<T extends DirectorEvent['type']> = Extract<DirectorEvent, { type: T }>;
type Takes = {
  readonly [T in DirectorEvent['type']]?: (event: EventOf<T>, at: Instant) => void;
};

/** A pass through a queue. */
interface Pass {
  readonly course: Course;
  /** When it came in first. */
  readonly since: Instant;
  offeredAt?: Instant;
}

/** Transfers that the director makes by itself: a rerun decides them anew. */
const DECIDED_ANEW: ReadonlySet<TransferCause | undefined> = new Set(['overflow', 'refused']);

/** Where the state of the moment is found: it goes along with the records. */
interface Past {
  readonly state: DirectorState;
}

/** Takes from a stretch of the journal what the world did; what the director decided is left out. */
export class ScriptReader {
  readonly #happenings: Happening[] = [];
  readonly #courses = new Map<WorkItemId, Course>();
  readonly #passes = new Map<WorkItemId, Pass>();
  readonly #segments = new Map<SegmentId, { readonly course: Course; readonly from: Instant }>();
  readonly #wrapUps = new Map<SegmentId, { readonly course: Course; readonly from: Instant }>();
  readonly #causes = new Map<WorkItemId, TransferCause | undefined>();
  readonly #wishes = new Map<AgentId, string>();
  readonly #past: Past;

  /**
   * @param past As it is before the stretch.
   * @param from When the stretch begins.
   */
  constructor(past: Past, from: Instant) {
    this.#past = past;
    const { state } = past;
    for (const item of state.centre.items.values()) this.#begin(item, from);
    for (const { id, wrapUps, readiness, pending } of state.centre.agents.values()) {
      this.#wishes.set(id, JSON.stringify(pending ?? readiness));
      for (const { item, segment, queue } of wrapUps) {
        if (queue) this.#wrapUps.set(segment, { course: this.#courseOf(item, queue), from });
      }
    }
  }

  /** Takes the next record in. */
  take({ at, body }: DirectorRecord): void {
    const take = this.#takes[body.type] as
      | ((event: DirectorEvent, at: Instant) => void)
      | undefined;
    take?.(body, at);
  }

  /** What is taken of each event; the rest is the director's own, or says nothing of time. */
  readonly #takes: Takes = {
    'work-item-entered': (event, at) => this.#entered(at, event),
    'work-item-offered': ({ item }, at) => {
      const pass = this.#passes.get(item);
      if (pass) pass.offeredAt = at;
    },
    'work-item-accepted': ({ item, segment }, at) => {
      const pass = this.#passes.get(item);
      if (!pass) return;
      pass.course.acceptsAfter ??= at - (pass.offeredAt ?? at);
      this.#segments.set(segment, { course: pass.course, from: at });
    },
    'owner-changed': ({ item, segment }, at) => {
      const pass = this.#passes.get(item);
      if (pass) this.#segments.set(segment, { course: pass.course, from: at });
    },
    'segment-ended': ({ segment: id }, at) => {
      const segment = this.#segments.get(id);
      this.#segments.delete(id);
      if (segment) addTo(segment.course, 'handling', at - segment.from);
    },
    'wrap-up-started': ({ item, segment }, at) => {
      const pass = this.#passes.get(item);
      if (pass) this.#wrapUps.set(segment, { course: pass.course, from: at });
    },
    'wrap-up-ended': ({ segment, code }, at) => {
      const wrapUp = this.#wrapUps.get(segment);
      this.#wrapUps.delete(segment);
      if (!wrapUp) return;
      addTo(wrapUp.course, 'wrapUp', at - wrapUp.from);
      wrapUp.course.code ??= code;
    },
    'work-item-transferred': ({ item, to, cause }, at) => {
      this.#causes.set(to, cause ?? 'asked');
      if (!DECIDED_ANEW.has(cause)) this.#left(at, item, 'taken-out');
    },
    'work-item-merged': ({ item }, at) => this.#left(at, item, 'taken-out'),
    'work-item-closed': ({ item, code, ending }, at) => {
      const pass = this.#passes.get(item);
      if (pass) pass.course.code ??= code;
      this.#left(at, item, ending === 'abandoned' ? 'abandons' : 'taken-out');
    },
    'agent-logged-in': ({ agent, station, device }, at) => {
      this.#wishes.delete(agent);
      this.#ask(at, commandOf('logIn', { agent, station, takeOver: true, device }));
    },
    'agent-logged-out': ({ agent, reason, by }, at) => {
      if (reason === 'vanished') this.#ask(at, commandOf('absenceOver', { agent }));
      if (reason === 'asked' || reason === 'forced') {
        this.#ask(at, commandOf('logOut', { agent, by }));
      }
    },
    'agent-readiness-changed': (event, at) => this.#wished(at, event),
    'agent-presence-changed': ({ agent, present }, at) =>
      this.#ask(
        at,
        present ? commandOf('present', { agents: [agent] }) : commandOf('agentVanished', { agent }),
      ),
    'agent-device-changed': ({ agent, channel, fault }, at) =>
      this.#ask(at, commandOf('reportDevice', { agent, channel, fault })),
  };

  /** Other documents are in force from here on. */
  configured(at: Instant, documents: readonly StoredDocument[]): void {
    if (documents.length > 0) this.#happenings.push({ type: 'configuration', at, documents });
  }

  /** The whole stretch was read; `to` is its end. */
  script(to: Instant): Script {
    for (const { course, from } of this.#segments.values()) {
      addTo(course, 'handling', to - from);
      course.isUnended = true;
    }
    const courses = this.#courses;
    return { happenings: this.#happenings, courses, ...usualOf(courses.values()) };
  }

  #begin({ id, queue, queuedAt, segment, since, state }: OpenWorkItem, from: Instant): void {
    const course = this.#courseOf(id, queue);
    const offeredAt = state === 'offered' ? { offeredAt: since } : {};
    this.#passes.set(id, { course, since: queuedAt, ...offeredAt });
    if (segment) this.#segments.set(segment, { course, from });
  }

  #entered(at: Instant, event: EventOf<'work-item-entered'>): void {
    const { item, queue, previous, passed } = event;
    const cause = this.#causes.get(item);
    this.#causes.delete(item);
    const before = previous && this.#passes.get(previous);
    if (before && DECIDED_ANEW.has(cause)) {
      this.#passes.set(item, { ...before });
      return;
    }
    const course = this.#courseOf(item, queue);
    this.#passes.set(item, { course, since: at });
    const { type: _, item: id, previous: __, splitFrom: ___, requirements, ...work } = event;
    const command = commandOf('submit', {
      item: {
        id,
        conversation: work.conversation,
        interaction: work.interaction,
        channel: work.channel,
        queue: passed?.[0] ?? queue,
        priority: work.priority,
        entryPoint: work.entryPoint,
        contact: work.contact,
        enteredAt: work.enteredAt,
        preferredAgent: work.preferredAgent ?? work.onlyAgent,
        accountOwner: work.accountOwner,
        offline: work.offline,
        requirements: this.#isOfQueue(event) ? undefined : requirements,
      },
    });
    this.#ask(at, command);
  }

  /** Whether it asks for what its queue asks for, and not for something of its own. */
  #isOfQueue({ queue, requirements }: EventOf<'work-item-entered'>): boolean {
    const usual = this.#past.state.queue(queue)?.requirements ?? [];
    return JSON.stringify(requirements ?? []) === JSON.stringify(usual);
  }

  /** A pass ended. Where nobody had it by then, it leaves at that age again. */
  #left(at: Instant, item: WorkItemId, how: 'abandons' | 'taken-out'): void {
    const pass = this.#passes.get(item);
    if (!pass) return;
    const { course, since } = pass;
    if (course.acceptsAfter === undefined && course.handling === undefined) {
      course.leaves = { after: at - since, how };
    }
  }

  #courseOf(item: WorkItemId, queue: Course['queue']): Course {
    let course = this.#courses.get(item);
    if (!course) this.#courses.set(item, (course = { queue }));
    return course;
  }

  #ask(at: Instant, command: Command): void {
    this.#happenings.push({ type: 'command', at, command });
  }

  /** An agent asked for it; else it took effect what was asked before, or the director changed it. */
  #wished(at: Instant, event: EventOf<'agent-readiness-changed'>): void {
    const { agent, readiness, pending, by } = event;
    const wish = pending ?? readiness;
    if (isOfDirector(wish)) {
      this.#wishes.delete(agent);
      return;
    }
    const text = JSON.stringify(wish);
    if (this.#wishes.get(agent) === text) return;
    this.#wishes.set(agent, text);
    this.#ask(at, commandOf('setReadiness', { agent, readiness: wish, by }));
  }
}

const RESERVED: ReadonlySet<string> = new Set(RESERVED_REASONS);

function isOfDirector(readiness: Readiness): boolean {
  if (readiness.state === 'not-ready') return RESERVED.has(readiness.reason);
  return Object.values(readiness.except ?? {}).some((reason) => RESERVED.has(reason));
}

function addTo(course: Course, of: 'handling' | 'wrapUp', time: number): void {
  course[of] = (course[of] ?? 0) + Math.max(time, 0);
}
