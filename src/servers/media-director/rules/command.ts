/** Everything that can be asked of the director's state: what the contract offers, and what falls due. */
import type { z } from 'zod';
import type {
  AgentId,
  CallId,
  Channel,
  QueueId,
  SegmentId,
  SwitchId,
  WorkItemId,
} from '#domain/ids.ts';
import type { mediaDirector } from '../contract.ts';

type Methods = (typeof mediaDirector)['methods'];

/** Methods that only read, or are made of others. */
type Reading =
  | 'openItems'
  | 'endings'
  | 'estimates'
  | 'expectedWaits'
  | 'snapshot'
  | 'standing'
  | 'explain'
  | 'many';
type Asked = Exclude<keyof Methods, Reading>;

interface Due {
  /** An offer's time is over. `seen`: the agent could see it all the while. */
  offerExpired: { item: WorkItemId; offer: number; seen: boolean };
  /** The time after which the queue's offers are accepted by themselves. */
  autoAccept: { item: WorkItemId; offer: number };
  /** A customer who is awaited has been silent for so long that their contact takes up no room. */
  contactIdle: { item: WorkItemId };
  invitationExpired: { item: WorkItemId; agent: AgentId; invitation: number };
  /** A parked item's follow-up date has come. */
  wakeDue: { item: WorkItemId };
  serviceLevelPassed: { item: WorkItemId };
  /** A braked queue may give its next offer. */
  brakeOver: { queue: QueueId };
  /** A work item has waited in its queue for as long as anybody may. */
  waitedTooLong: { item: WorkItemId };
  /** An agent who refused the item may have it again. */
  restOver: { item: WorkItemId; agent: AgentId };
  /** A waiting item asks for less, having waited so long. */
  requirementDue: { item: WorkItemId };
  /** A waiting item has waited long enough for the agents it prefers. */
  preferenceOver: { item: WorkItemId };
  /** A transfer has waited long enough for the agent it is for. */
  transferWaitOver: { item: WorkItemId };
  wrapUpOver: { agent: AgentId; segment: SegmentId };
  /** No desktop has spoken for the agent for the whole grace time. */
  agentVanished: { agent: AgentId };
  /** A vanished agent has not come back. */
  absenceOver: { agent: AgentId };
  /** A switch was not heard of for too long. */
  switchSilent: { switch: SwitchId };
  /** A switch has not answered whether it let go of an agent. */
  interlockDue: { agent: AgentId; request: number };
  /** An agent who was to be made ready again at their switch may not be yet. */
  restoreDue: { agent: AgentId; request: number };
  /** An agent who was asked for in vain may be asked for again. */
  interlockRested: { agent: AgentId };
  /** A call that was sent to an agent has not landed. */
  routeDue: { agent: AgentId; call: CallId };
  /** The state has taken other documents in. */
  configurationChanged: Record<string, never>;
  /** The director begins, or what it decides can be made durable again: nobody was matched meanwhile. */
  resumed: Record<string, never>;
}

/** What a command is told beside what was asked. */
interface Told {
  /** Channels of theirs for which no seat is left. */
  logIn: { without?: readonly Channel[] };
}

export type CommandParams = {
  [K in Asked]: z.infer<Methods[K]['params']> & (K extends keyof Told ? Told[K] : unknown);
} & Due;
export type CommandReplies = { [K in Asked]: z.infer<Methods[K]['result']> } & {
  [K in keyof Due]: Record<string, never>;
};
export type CommandName = keyof CommandParams;

/** One command: by whom it is asked, the caller has made sure. */
export type Command<K extends CommandName = CommandName> = {
  [P in K]: { readonly name: P; readonly params: CommandParams[P] };
}[K];

/** What falls due by itself. */
export type DueCommand = Command<keyof Due>;

/** A command by its name. */
export const commandOf = <K extends CommandName>(
  name: K,
  params: CommandParams[K],
): Command<K> => ({ name, params });
