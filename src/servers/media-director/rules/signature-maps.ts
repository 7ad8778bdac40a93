import type { Agent, Serves } from '#domain/configuration/documents.ts';
import type { AttributeId, QueueId, SkillId } from '#domain/ids.ts';
import type { Expression } from '#domain/requirement/requirement.ts';
import { BitSet } from './bit-set.ts';

/** What distinguishes agents for requirements. */
export interface Profile {
  readonly agent: Pick<Agent, 'roles' | 'skills' | 'attributes'>;
  /** The queues that list them by name. */
  readonly lists: ReadonlySet<QueueId>;
}

const NONE = new BitSet();

/**
 * Which agent signatures have what: a set of signatures per level of a skill, value of an attribute, list
 * and role. What an expression asks for follows from them 32 signatures at a time.
 */
export class SignatureMaps {
  readonly #all = new BitSet();
  readonly #inAgentRole = new BitSet();
  /** By skill, then by level: who has that level or a better one. */
  readonly #skills = new Map<SkillId, BitSet[]>();
  readonly #attributes = new Map<AttributeId, Map<string, BitSet>>();
  readonly #lists = new Map<QueueId, BitSet>();

  add(index: number, profile: Profile): void {
    for (const set of this.#setsOf(profile)) set.add(index);
  }

  delete(index: number, profile: Profile): void {
    for (const set of this.#setsOf(profile)) set.delete(index);
  }

  /** The signatures that meet an expression: `meets` for all of them at once. The caller's own set. */
  meeting(expression: Expression): BitSet {
    switch (expression.type) {
      case 'skill':
        return (this.#skills.get(expression.skill)?.[expression.level] ?? NONE).copy();
      case 'attribute': {
        const values = this.#attributes.get(expression.attribute);
        return union(expression.values.map((value) => values?.get(value) ?? NONE));
      }
      case 'all': {
        const met = this.#all.copy();
        for (const part of expression.of) met.keep(this.meeting(part));
        return met;
      }
      case 'any':
        return union(expression.of.map((part) => this.meeting(part)));
      case 'at-least':
        return this.#atLeast(expression.count, expression.of);
    }
  }

  /** The signatures that serve a queue: `doesServe` for all of them at once. The caller's own set. */
  serving(queue: QueueId, serves: Serves): BitSet {
    switch (serves.type) {
      case 'everyone':
        return this.#inAgentRole.copy();
      case 'listed':
        return (this.#lists.get(queue) ?? NONE).copy();
      case 'skilled': {
        const serving = this.#all.copy();
        for (const [skill, least] of Object.entries(serves.skills)) {
          serving.keep(this.#skills.get(skill as SkillId)?.[least ?? 1] ?? NONE);
        }
        return serving;
      }
      case 'matching': {
        const serving = this.meeting(serves.must);
        serving.keep(this.#inAgentRole);
        return serving;
      }
    }
  }

  /** Goes through the parts and keeps, for every number up to `count`, who has met so many so far. */
  #atLeast(count: number, parts: readonly Expression[]): BitSet {
    const met = Array.from({ length: count + 1 }, (_, n) =>
      n === 0 ? this.#all.copy() : new BitSet(),
    );
    for (const part of parts) {
      const meeting = this.meeting(part);
      for (let n = count; n > 0; n--) {
        const oneMore = met[n - 1]?.copy() ?? NONE;
        oneMore.keep(meeting);
        met[n]?.join(oneMore);
      }
    }
    return met[count] ?? NONE;
  }

  #setsOf({ agent, lists }: Profile): BitSet[] {
    const sets = [this.#all];
    if (agent.roles.includes('agent')) sets.push(this.#inAgentRole);
    for (const [skill, level = 0] of Object.entries(agent.skills)) {
      const levels = entry(this.#skills, skill as SkillId, () => []);
      for (let n = 1; n <= level; n++) sets.push((levels[n] ??= new BitSet()));
    }
    for (const [attribute, value = ''] of Object.entries(agent.attributes)) {
      const values = entry(this.#attributes, attribute as AttributeId, () => new Map());
      sets.push(entry(values, value, () => new BitSet()));
    }
    for (const queue of lists) sets.push(entry(this.#lists, queue, () => new BitSet()));
    return sets;
  }
}

function union(sets: readonly BitSet[]): BitSet {
  const united = new BitSet();
  for (const set of sets) united.join(set);
  return united;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
