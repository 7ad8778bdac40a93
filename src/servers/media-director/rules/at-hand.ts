/** What takes up room of an agent, counted: who decides what they may be offered looks at no item of theirs. */
import type { Channel, QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { ROLES } from '#domain/work-item/participants.ts';
import type { AgentFacts, Part } from './agent-facts.ts';
import { callsThere } from './interlock/at-the-switch.ts';

/** How many offers, contacts, parts and wrap-ups take up room of an agent. */
export class AtHand {
  load = 0;
  /** Offers and invitations that they have to answer: one rings at a time. */
  ringing = 0;
  readonly of: Record<Channel, number> = {
    voice: 0,
    email: 0,
    'web-chat': 0,
    sms: 0,
    xmpp: 0,
    preview: 0,
    task: 0,
  };

  /** One more, or one less; without a channel it counts against none. */
  count(channel: Channel | undefined, by: 1 | -1): void {
    this.load += by;
    if (channel) this.of[channel] += by;
  }

  /** An offer or contact that they own comes, or goes. */
  own({ state, isReleased, channel }: OpenWorkItem, by: 1 | -1): void {
    if (state === 'offered') this.ringing += by;
    if (!isReleased) this.count(channel, by);
  }

  copy(): AtHand {
    const copy = new AtHand();
    copy.load = this.load;
    copy.ringing = this.ringing;
    Object.assign(copy.of, this.of);
    return copy;
  }
}

/**
 * All that an agent has at hand.
 *
 * @param owned Their offers and contacts, where these are counted already.
 */
export function atHandOf(facts: AgentFacts, owned = countOwned(facts)): AtHand {
  const { parts, status } = facts;
  const calls = callsThere(facts);
  if (parts.length + status.wrapUps.length + calls === 0) return owned; // nearly always
  const all = owned.copy();
  for (let left = calls; left > 0; left--) all.count('voice', 1);
  for (const part of parts) {
    if (part.participant.segment === undefined) all.ringing += 1;
    if (takesRoom(part)) all.count(part.item.channel, 1);
  }
  for (const { channel } of status.wrapUps) all.count(channel, 1);
  return all;
}

function countOwned({ work }: AgentFacts): AtHand {
  const owned = new AtHand();
  for (const item of work) owned.own(item, 1);
  return owned;
}

/** How many contacts of a queue an agent has. */
export function atHandOfQueue(queue: QueueId, { work, parts, status }: AgentFacts): number {
  let count = 0;
  for (const item of work) if (item.queue === queue && !item.isReleased) count++;
  for (const part of parts) if (part.item.queue === queue && takesRoom(part)) count++;
  for (const wrapUp of status.wrapUps) if (wrapUp.queue === queue) count++;
  return count;
}

const takesRoom = ({ participant }: Part): boolean => ROLES[participant.role].isContact;
