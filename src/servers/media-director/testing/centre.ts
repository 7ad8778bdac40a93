/** A small centre for tests: documents by a few words, commands by their names. Only tests import this file. */
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { minutes, seconds, type Instant, type Milliseconds } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import {
  AgentId,
  CodeId,
  ConversationId,
  InteractionId,
  QueueId,
  SegmentId,
  WorkItemId,
  type Channel,
} from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Submission } from '../contract.ts';
import { advance } from '../rules/advance.ts';
import {
  commandOf,
  type CommandName,
  type CommandParams,
  type CommandReplies,
} from '../rules/command.ts';
import { DirectorState, type Policy, type StartingPoint } from '../rules/director-state.ts';

export const agentId = (id: string): AgentId => AgentId.parse(id);
export const queueId = (id: string): QueueId => QueueId.parse(id);
export const codeId = (id: string): CodeId => CodeId.parse(id);
export const newItemId = (): WorkItemId => WorkItemId.parse(newId());

export const POLICY: Policy = {
  restAfterReturn: seconds(5),
  vanishedWorkReturns: minutes(240),
  vanishedLogOut: minutes(15),
};

/** The documents of a centre: kind → id → what differs from the defaults. */
export type Documents = { readonly [K in DocumentKind]?: Readonly<Record<string, object>> };

/** Documents as the configuration server sends them; bodies are completed with what they must have. */
export function documents(wanted: Documents, firstRevision = 1): StoredDocument[] {
  let revision = firstRevision;
  return Object.entries(wanted).flatMap(([kind, bodies]) =>
    Object.entries(bodies).map(([id, body]): StoredDocument => ({
      kind: kind as DocumentKind,
      id,
      revision: revision++,
      retired: 'retired' in body && body.retired === true,
      body: { name: id, ...COMPLETE[kind as DocumentKind]?.(id), ...body },
    })),
  );
}

const COMPLETE: { readonly [K in DocumentKind]?: (id: string) => object } = {
  agent: (id) => ({ login: id, roles: ['agent'] }),
};

export function submission(more: Partial<Submission> = {}): Submission {
  return {
    id: newItemId(),
    conversation: ConversationId.parse(newId()),
    interaction: InteractionId.parse(newId()),
    channel: 'web-chat',
    queue: queueId('sales'),
    enteredAt: 0,
    ...more,
  };
}

/** The rules with a clock in the hand: every command at `now`, everything that happened in `journal`. */
export class RuleCentre {
  readonly state: DirectorState;
  readonly journal: DirectorRecord[] = [];
  now: Instant;

  /** @param from Where it goes on, as another director would. */
  constructor(wanted: Documents, now: Instant = 1_000_000, from?: StartingPoint) {
    this.now = now;
    this.state = new DirectorState(POLICY, from);
    this.state.configure(documents(wanted));
    this.state.takeTouched();
  }

  /** @throws {Refusal} What the rules refuse. */
  run<K extends CommandName>(
    name: K,
    params: CommandParams[K],
    mayOffer = true,
  ): CommandReplies[K] {
    const command = commandOf(name, params);
    const facts = { at: this.now, segment: SegmentId.parse(newId()), newItem: newItemId, mayOffer };
    const { outcome, events } = advance(this.state, command, facts);
    const first = this.state.position - events.length + 1;
    events.forEach((body, n) => this.journal.push({ position: first + n, at: this.now, body }));
    if (outcome.type === 'refused') throw new Refusal(outcome.code, outcome.message, outcome.data);
    return outcome.reply;
  }

  /** Other documents are in force. */
  configure(wanted: Documents): void {
    this.state.configure(documents(wanted, this.state.configuration.revision + 1));
    this.run('configurationChanged', {});
  }

  /** Logs agents in and makes them ready, one millisecond after the other. */
  ready(...agents: string[]): void {
    for (const agent of agents.map(agentId)) {
      this.run('logIn', { agent, station: `station of ${agent}` });
      this.run('setReadiness', { agent, readiness: { state: 'ready' } });
      this.now += 1;
    }
  }

  /** Puts a work item in, one millisecond after the other. */
  submit(more: Partial<Submission> = {}): WorkItemId {
    const item = submission({ enteredAt: this.now, ...more });
    this.run('submit', { item });
    this.now += 1;
    return item.id;
  }

  item(id: WorkItemId): OpenWorkItem {
    const item = this.state.item(id);
    if (!item) throw new Error(`Cannot find work item "${id}": it is not open`);
    return item;
  }

  /** Whom it is offered to or owned by. */
  agentOf(id: WorkItemId): AgentId | undefined {
    return this.item(id).agent;
  }

  /** Its agent accepts. */
  accept(id: WorkItemId): void {
    this.run('accept', { item: id, ...this.#offer(id) });
  }

  decline(id: WorkItemId): void {
    this.run('decline', { item: id, ...this.#offer(id) });
  }

  /** The offer's time runs out. */
  expire(id: WorkItemId, seen = true): void {
    const { offer } = this.#offer(id);
    this.run('offerExpired', { item: id, offer, seen });
  }

  close(id: WorkItemId): void {
    const { agent } = this.#offer(id);
    this.run('close', { item: id, agent });
  }

  after(time: Milliseconds): this {
    this.now += time;
    return this;
  }

  /** What happened, without ids: the types, since a position. */
  types(since = 0): DirectorEvent['type'][] {
    return this.journal.filter((r) => r.position > since).map((r) => r.body.type);
  }

  #offer(id: WorkItemId): { agent: AgentId; offer: number } {
    const { agent, offer } = this.item(id);
    if (agent === undefined || offer === undefined) {
      throw new Error(`Cannot answer for work item "${id}": nobody has it`);
    }
    return { agent, offer };
  }
}

/** The only channel of a test where nothing else is said. */
export const chats = (most: number): { capacity: Partial<Record<Channel, number>> } => ({
  capacity: { 'web-chat': most },
});
