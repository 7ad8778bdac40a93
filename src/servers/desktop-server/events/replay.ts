import type { EventCursor, ServerFrame } from '../api/events.ts';
import type { Summary } from '../api/work.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import { messagingFrame } from '../rules/messaging-frame.ts';
import { conversationOf } from '../rules/summary.ts';
import { mayRead, maySee, sightOf, visiblePart } from '../rules/visibility.ts';
import type { CentreFeed, KeptStep } from './centre-feed.ts';
import type { Digests } from './digests.ts';
import type { EventClient } from './event-client.ts';
import type { KeptMessage, MessagingFeed } from './messaging-feed.ts';

/** More open items than this and the list is left out of most beats: 100 KiB every 10 s are enough. */
const MOST_CHECKED = 2_000;

/** What clients are told from. */
export interface Sources {
  readonly centre: CentreFeed;
  readonly messaging: MessagingFeed;
  readonly digests: Digests;
  readonly configuration: ConfigurationFeed;
}

/** Tells a client of a step of the centre, as far as it may see. */
export function tellStep(client: EventClient, step: KeptStep, { digests }: Sources): void {
  const sight = sightOf(client.viewer, step);
  if (!sight.shown) return;
  if (sight.appears && step.before) {
    client.send(itemFrame(step.before, step.after && digests.summaryOf(step.after)));
  }
  client.sendText((step.frame ??= JSON.stringify({ type: 'work', record: step.record })));
  if (sight.vanishes && step.before) client.send({ type: 'unseen', item: step.before.id });
}

/** Whether a client hears what happens in the conversation of an entry: its own, or one it watches and may. */
export function hears(client: EventClient, entry: KeptMessage, { centre }: Sources): boolean {
  const conversation = conversationOf(entry.body);
  const item = centre.itemOf(conversation);
  if (item?.agent !== undefined && item.agent === client.viewer.agent) return true;
  return client.watched.has(conversation) && mayRead(client.viewer, item);
}

/** Tells a client of an event of the messaging store. */
export function tellMessage(client: EventClient, entry: KeptMessage): void {
  const frame = messagingFrame(entry.position, entry.body);
  if (frame) client.sendText((entry.frame ??= JSON.stringify(frame)));
}

/** Tells a client again what lately happened in conversations that it hears of from now on. */
export function tellLately(
  client: EventClient,
  isNew: (entry: KeptMessage) => boolean,
  { messaging }: Sources,
): void {
  for (const entry of messaging.messages.since(0)) {
    if (isNew(entry)) tellMessage(client, entry);
  }
}

/** Where the sources stand. */
export function cursorOf({ centre, messaging, configuration }: Sources): EventCursor {
  return {
    work: centre.centre.position,
    messages: messaging.messages.newest,
    configuration: configuration.current.revision,
  };
}

/**
 * Brings a client up to date: with all that happened behind its cursor where that is still known, else
 * with a snapshot.
 *
 * @param seenSince Since which position of the work journal what people may see has not changed.
 */
export function bringUpToDate(
  client: EventClient,
  cursor: EventCursor | undefined,
  seenSince: number,
  sources: Sources,
): void {
  const { topics } = client;
  if (cursor && canResume(client, cursor, seenSince, sources)) replay(client, cursor, sources);
  else if (topics.has('work')) client.sendSnapshot(snapshotFor(client, sources));
  if (topics.has('configuration') && cursor?.configuration !== undefined) {
    for (const document of sources.configuration.since(cursor.configuration)) {
      client.send({ type: 'configuration', document });
    }
  }
}

function canResume(
  { topics }: EventClient,
  cursor: EventCursor,
  seenSince: number,
  { centre, messaging }: Sources,
): boolean {
  if (topics.has('work') && !(cursor.work > seenSince && centre.steps.covers(cursor.work))) {
    return false;
  }
  return !topics.has('messages') || messaging.messages.covers(cursor.messages);
}

function replay(client: EventClient, cursor: EventCursor, sources: Sources): void {
  const { centre, messaging, digests } = sources;
  if (client.topics.has('work')) {
    for (const step of centre.steps.since(cursor.work)) tellStep(client, step, sources);
    for (const item of centre.centre.items.values()) {
      if (!maySee(client.viewer, item) || !digests.hasChanged(item, cursor.messages)) continue;
      const summary = digests.summaryOf(item);
      if (summary) client.send({ type: 'summary', summary });
    }
  }
  if (client.topics.has('messages')) {
    for (const entry of messaging.messages.since(cursor.messages)) {
      if (hears(client, entry, sources)) tellMessage(client, entry);
    }
  }
}

function snapshotFor(client: EventClient, sources: Sources): ServerFrame & { type: 'snapshot' } {
  const { position, items, agents } = sources.centre.centre;
  const centre = visiblePart(client.viewer, {
    position,
    items: [...items.values()],
    agents: [...agents.values()],
  });
  const summaries = centre.items.flatMap((item) => sources.digests.summaryOf(item) ?? []);
  return { type: 'snapshot', centre, summaries, cursor: cursorOf(sources) };
}

/** The beat: where the client stands now and, unless there are too many, how its items must look. */
export function caughtUp(
  client: EventClient,
  serverTime: number,
  beat: number,
  sources: Sources,
): ServerFrame {
  const frame = { type: 'caught-up', cursor: cursorOf(sources), serverTime } as const;
  if (!client.topics.has('work')) return frame;
  const { items } = sources.centre.centre;
  if (items.size > MOST_CHECKED && beat % 6 !== 0) return frame;
  return {
    ...frame,
    items: [...items.values()]
      .filter((item) => maySee(client.viewer, item))
      .map((item) => `${item.id}:${item.state}`),
  };
}

/** Shows an item as it is. */
export function itemFrame(
  item: (ServerFrame & { type: 'item' })['item'],
  summary: Summary | undefined,
): ServerFrame {
  return { type: 'item', item, ...(summary && { summary }) };
}
