import type { ConversationId } from '#domain/ids.ts';
import type { EventCursor, ServerFrame } from '../api/events.ts';
import type { Summary } from '../api/work.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import { messagingFrame } from '../rules/messaging-frame.ts';
import { conversationOf } from '../rules/summary.ts';
import { mayRead, maySee, sightOf, visiblePart } from '../rules/visibility.ts';
import type { CentreFeed, KeptStep } from './centre-feed.ts';
import type { Digests } from './digests.ts';
import type { EventClient } from './event-client.ts';
import type { EmailFeed, KeptEmailFact } from './email-feed.ts';
import type { KeptMessage, MessagingFeed } from './messaging-feed.ts';
import { textFrame } from './text-frame.ts';

/** More open items than this and the list is left out of most beats: 100 KiB every 10 s are enough. */
const MOST_CHECKED = 2_000;

/** What clients are told from. */
export interface Sources {
  readonly centre: CentreFeed;
  readonly messaging: MessagingFeed;
  readonly emails: EmailFeed;
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
  const frame = (step.frame ??= textFrame(JSON.stringify({ type: 'work', record: step.record })));
  client.sendFrame(frame, sight.isTheirs ? 'now' : 'soon');
  if (sight.vanishes && step.before) client.send({ type: 'unseen', item: step.before.id });
}

/** Whether a client hears what happens in a conversation: its own, or one it watches and may. */
export function hears(
  client: EventClient,
  conversation: ConversationId,
  { centre }: Pick<Sources, 'centre'>,
): boolean {
  const item = centre.itemOf(conversation);
  if (item?.agent !== undefined && item.agent === client.viewer.agent) return true;
  return client.watched.has(conversation) && mayRead(client.viewer, item);
}

/** Tells a client of an event of the messaging store. */
export function tellMessage(client: EventClient, entry: KeptMessage): void {
  const frame = messagingFrame(entry.position, entry.body);
  if (frame) client.sendText((entry.frame ??= JSON.stringify(frame)));
}

/** Tells a client of a fact of the e-mail store. */
export function tellEmail(client: EventClient, entry: KeptEmailFact): void {
  const { position, body: fact } = entry;
  const frame: ServerFrame = { type: 'email', position, fact };
  client.sendText((entry.frame ??= JSON.stringify(frame)));
}

/** The conversation that a fact of the e-mail store is about; none where nobody works on it yet. */
export const emailConversationOf = ({ body }: KeptEmailFact): ConversationId | undefined =>
  'conversation' in body ? body.conversation : undefined;

/** Tells a client again what lately happened in conversations that it hears of from now on. */
export function tellLately(
  client: EventClient,
  isNew: (conversation: ConversationId) => boolean,
  { messaging, emails }: Sources,
): void {
  for (const entry of messaging.recent.since(0)) {
    if (isNew(conversationOf(entry.body))) tellMessage(client, entry);
  }
  for (const entry of emails.recent.since(0)) {
    const conversation = emailConversationOf(entry);
    if (conversation && isNew(conversation)) tellEmail(client, entry);
  }
}

/** Where the sources stand. */
export function cursorOf({ centre, messaging, emails, configuration }: Sources): EventCursor {
  return {
    work: centre.centre.position,
    messages: messaging.recent.newest,
    emails: emails.recent.newest,
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
  { centre, messaging, emails }: Sources,
): boolean {
  if (topics.has('work') && !(cursor.work > seenSince && centre.steps.covers(cursor.work))) {
    return false;
  }
  if (!topics.has('messages')) return true;
  return (
    messaging.recent.covers(cursor.messages) &&
    (cursor.emails === undefined || emails.recent.covers(cursor.emails))
  );
}

function replay(client: EventClient, cursor: EventCursor, sources: Sources): void {
  const { centre, messaging, emails, digests } = sources;
  if (client.topics.has('work')) {
    for (const step of centre.steps.since(cursor.work)) tellStep(client, step, sources);
    for (const item of centre.centre.items.values()) {
      if (!maySee(client.viewer, item) || !digests.hasChanged(item, cursor.messages)) continue;
      const summary = digests.summaryOf(item);
      if (summary) client.send({ type: 'summary', summary });
    }
  }
  if (client.topics.has('messages')) {
    for (const entry of messaging.recent.since(cursor.messages)) {
      if (hears(client, conversationOf(entry.body), sources)) tellMessage(client, entry);
    }
    for (const entry of emails.recent.since(cursor.emails ?? emails.recent.newest)) {
      const conversation = emailConversationOf(entry);
      if (conversation && hears(client, conversation, sources)) tellEmail(client, entry);
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
