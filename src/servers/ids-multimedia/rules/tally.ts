import type { AgentId, SegmentId, WorkItemId } from '#domain/ids.ts';
import type { Balance } from '#domain/metrics/board.ts';
import { Centre } from '#domain/work-item/centre.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { AgentTally } from './agent-tally.ts';
import { Batch } from './batch.ts';
import type { LiveAgent } from '../contract.ts';
import type { Live, LivePass, LiveSegment } from './live.ts';
import { PassTally, describePass } from './pass-tally.ts';
import { SegmentTally } from './segment-tally.ts';

/**
 * Counts what the director's journal tells. A fold: the same events give the same counts, however they
 * are cut into batches. The state of the centre itself is the shared fold's; kept beside it is only
 * what counting needs.
 */
export class Tally {
  readonly centre: Centre;
  readonly #passes: PassTally;
  readonly #segments: SegmentTally;
  readonly #agents: AgentTally;
  #entered: number;
  #ended: number;

  constructor(live: Live) {
    this.centre = Centre.of({
      position: live.position,
      items: live.passes.map((pass) => pass.item),
      agents: live.agents.map((agent) => agent.status),
    });
    this.#passes = new PassTally(live.passes);
    this.#segments = new SegmentTally(live.segments);
    this.#agents = new AgentTally(live.agents);
    this.#entered = live.entered;
    this.#ended = live.ended;
  }

  /** In = closed + open. What is open is counted, not computed from the rest. */
  get balance(): Balance {
    const open = this.centre.items.size;
    const [entered, ended] = [this.#entered, this.#ended];
    return { entered, ended, open, difference: entered - ended - open };
  }

  pass(id: WorkItemId): LivePass | undefined {
    const item = this.centre.items.get(id);
    return item && { item, ...this.#passes.kept(id) };
  }

  segment(id: SegmentId): LiveSegment | undefined {
    return this.#segments.get(id);
  }

  agent(id: AgentId): LiveAgent | undefined {
    const status = this.centre.agents.get(id);
    const doing = this.#agents.doing(id);
    return status && doing && { status, ...doing };
  }

  /** All that goes on now. */
  live(): Live {
    return {
      position: this.centre.position,
      passes: [...this.centre.items.keys()].flatMap((id) => this.pass(id) ?? []),
      segments: this.#segments.all(),
      agents: [...this.centre.agents.keys()].flatMap((id) => this.agent(id) ?? []),
      entered: this.#entered,
      ended: this.#ended,
    };
  }

  /** Takes the next events in; those taken before change nothing. */
  take(records: readonly DirectorRecord[]): Batch {
    const batch = new Batch();
    for (const record of records) {
      if (record.position > this.centre.position) this.#take(record, batch);
    }
    this.#entered += batch.entered;
    this.#ended += batch.ended;
    return batch;
  }

  #take(record: DirectorRecord, batch: Batch): void {
    const { at, body } = record;
    const { items } = this.centre;
    this.#passes.count(at, body, items, batch);
    this.#segments.count(at, body, items, batch);
    if (body.type === 'agent-logged-out') this.#touchWaitingFor(body.agent, batch);
    this.centre.apply(record);
    if ('item' in body) {
      const pass = this.pass(body.item);
      if (pass) batch.passes.set(body.item, describePass(pass));
      batch.touch({ kind: 'pass', id: body.item });
      batch.records.push({ ...record, item: body.item });
    }
    if ('agent' in body && body.agent !== undefined) {
      const status = this.centre.agents.get(body.agent);
      const contacts = this.centre.contacts.get(body.agent) ?? 0;
      this.#agents.follow(at, { id: body.agent, status, contacts }, batch);
    }
  }

  /** The shared fold frees the items that waited for this agent alone. */
  #touchWaitingFor(agent: AgentId, batch: Batch): void {
    for (const { id, onlyAgent } of this.centre.items.values()) {
      if (onlyAgent === agent) batch.touch({ kind: 'pass', id });
    }
  }
}
