import { doesServe } from '#domain/agent/eligible.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { CentreSnapshot } from '#domain/work-item/centre.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import { participantOf } from '#domain/work-item/participants.ts';
import { type Caller, hasRole } from './caller.ts';

/** What decides what somebody may see. */
export interface Viewer {
  readonly agent: AgentId | undefined;
  /** Supervisors see all there is. */
  readonly seesAll: boolean;
  /** The queues they serve as an agent. */
  readonly serves: ReadonlySet<QueueId>;
}

/** An event of the director's journal, with its work item before and after it. */
export interface Step {
  readonly record: DirectorRecord;
  readonly before: OpenWorkItem | undefined;
  readonly after: OpenWorkItem | undefined;
}

/** What a step means to a viewer. */
export interface Sight {
  /** The item comes into sight though it was open before: it must be shown first, as it was before the step. */
  readonly appears: boolean;
  readonly shown: boolean;
  /** The item is open still, and out of sight from now on. */
  readonly vanishes: boolean;
  /** It is about them or their work: they wait for it. */
  readonly isTheirs: boolean;
}

export function viewerOf(caller: Caller, configuration: Configuration): Viewer {
  const { agent: id } = caller;
  const agent = id && hasRole(caller, 'agent') ? configuration.get('agent', id) : undefined;
  const serves = new Set<QueueId>();
  if (id && agent) {
    for (const [queue, body] of configuration.all('queue')) {
      if (doesServe(id, agent, body.serves)) serves.add(queue);
    }
  }
  return { agent: id, seesAll: hasRole(caller, 'supervisor'), serves };
}

/** Supervisors everything; agents what is or was meant for them, and what waits in queues they serve. */
export function maySee(viewer: Viewer, item: OpenWorkItem): boolean {
  if (viewer.seesAll || isTheirs(viewer, item)) return true;
  return viewer.serves.has(item.queue);
}

/** Whether the item is offered to, owned or parked by the viewer, may go to nobody else, or has them in it or asked to come. */
export function isTheirs({ agent }: Viewer, item: OpenWorkItem): boolean {
  if (agent === undefined) return false;
  if (item.agent === agent || item.onlyAgent === agent) return true;
  return participantOf(item, agent) !== undefined;
}

/**
 * Whether the viewer may read a conversation whose open work item is `item`. Without one it is history,
 * which agents need beside a contact.
 */
export function mayRead(viewer: Viewer, item: OpenWorkItem | undefined): boolean {
  return item === undefined || maySee(viewer, item);
}

export function sightOf(viewer: Viewer, { record, before, after }: Step): Sight {
  const saw = before !== undefined && maySee(viewer, before);
  const sees = after !== undefined && maySee(viewer, after);
  return {
    appears: sees && before !== undefined && !saw,
    shown: saw || sees || concernsAgents(record.body),
    vanishes: saw && after !== undefined && !sees,
    isTheirs:
      (viewer.agent !== undefined && agentOf(record.body) === viewer.agent) ||
      (before !== undefined && isTheirs(viewer, before)) ||
      (after !== undefined && isTheirs(viewer, after)),
  };
}

/** What of the centre the viewer may see: their items, and every agent's status. */
export function visiblePart(viewer: Viewer, centre: CentreSnapshot): CentreSnapshot {
  return { ...centre, items: centre.items.filter((item) => maySee(viewer, item)) };
}

export const isSameViewer = (a: Viewer, b: Viewer): boolean =>
  a.agent === b.agent &&
  a.seesAll === b.seesAll &&
  a.serves.size === b.serves.size &&
  a.serves.isSubsetOf(b.serves);

/** The work item an event is about. */
export function itemOf(event: DirectorEvent): OpenWorkItem['id'] | undefined {
  return 'item' in event ? event.item : undefined;
}

/** The agent an event is about. */
function agentOf(event: DirectorEvent): AgentId | undefined {
  return 'agent' in event ? event.agent : undefined;
}

/** Events that change what everybody may know: who is there, and what they are ready for. */
function concernsAgents({ type }: DirectorEvent): boolean {
  return type.startsWith('agent-') || type.startsWith('wrap-up-') || type === 'segment-ended';
}
