import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { AgentId, ConversationId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { onlyListensIn } from '#domain/work-item/participants.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import type { BoardFeed } from '../events/board-feed.ts';
import type { CentreFeed } from '../events/centre-feed.ts';
import type { Digests } from '../events/digests.ts';
import type { Rooms } from '../rooms.ts';
import type { Caller } from '../rules/caller.ts';
import { type Viewer, mayRead, viewerOf } from '../rules/visibility.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SignInGuard } from '../sessions/sign-in-guard.ts';
import type { Tokens } from '../sessions/tokens.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';

/** What handlers work with. */
export interface Workplace {
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly configuration: ConfigurationFeed;
  readonly centre: CentreFeed;
  readonly digests: Digests;
  readonly board: BoardFeed;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly guard: SignInGuard;
  readonly webhooks: Webhooks;
}

export function viewerFor(caller: Caller, { configuration }: Workplace): Viewer {
  return viewerOf(caller, configuration.current);
}

/** @throws {Refusal} `busy` while the media director has not answered yet: nothing is known of its items. */
export function requireCentre({ centre }: Workplace): CentreFeed {
  if (!centre.isKnown) throw new Refusal('busy', 'The media director cannot be reached');
  return centre;
}

/**
 * The open work item of a conversation that the caller may read.
 *
 * @throws {Refusal} `forbidden` when it is with an agent of another queue.
 */
export function requireReadable(
  caller: Caller,
  conversation: ConversationId,
  place: Workplace,
): OpenWorkItem | undefined {
  const item = requireCentre(place).itemOf(conversation);
  if (mayRead(viewerFor(caller, place), item)) return item;
  throw new Refusal('forbidden', 'This conversation is with an agent of another queue');
}

/** @throws {Refusal} `forbidden` when the caller may not read the conversation, or only listens to it. */
export function requireWriter(
  caller: Caller,
  conversation: ConversationId,
  place: Workplace,
): void {
  const item = requireReadable(caller, conversation, place);
  if (!item || caller.agent === undefined || !onlyListensIn(item, caller.agent)) return;
  throw new Refusal('forbidden', 'Who only listens writes nothing; coach, to write to the agents');
}

/** @throws {Refusal} `forbidden` to a program that acts for nobody: what is asked is for people. */
export function requirePerson({ agent }: Caller): AgentId {
  if (agent !== undefined) return agent;
  throw new Refusal('forbidden', 'Only a person can do this');
}
