/** One deed to many work items, each for itself. */
import type { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import type { AgentId } from '#domain/ids.ts';
import type { mediaDirector } from './contract.ts';
import type { Director } from './director.ts';
import type { Command } from './rules/command.ts';

type Many = (typeof mediaDirector)['methods']['many'];
type Asked = z.infer<Many['params']>;
type Answer = z.infer<Many['result']>;
type Outcome = Answer['outcomes'][number];

/** Resolves once everything that was done is durable: what became of each item, in the order asked. */
export async function toMany(director: Director, { items, what, by }: Asked): Promise<Answer> {
  const outcomes = items.map(async ({ item, to }): Promise<Outcome> => {
    const command = commandFor(director, { item, to }, what, by);
    if (!command) return { item, outcome: 'no-id', message: 'Cannot move it on without a new id' };
    try {
      await director.run(command);
      return { item, outcome: 'done' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { item, outcome: error.code, message: error.message };
    }
  });
  return { outcomes: await Promise.all(outcomes) };
}

function commandFor(
  director: Director,
  { item, to }: Asked['items'][number],
  what: Asked['what'],
  by: AgentId,
): Command | undefined {
  switch (what.type) {
    case 'assign':
      return { name: 'assign', params: { item, agent: what.agent, by } };
    case 'pullBack':
      return { name: 'pullBack', params: { item, by } };
    case 'reorder':
      return { name: 'reorder', params: { item, priority: what.priority, tier: what.tier, by } };
    case 'forceClose':
      return { name: 'forceClose', params: { item, by, code: what.code } };
    case 'wake':
      return { name: 'wake', params: { item, by } };
    case 'transfer': {
      if (to === undefined) return undefined;
      const { target, ifRefused } = what;
      // In the owner's place, as every supervisor moves work: the owner's own would be asked who they are.
      const agent = director.state.item(item)?.agent ?? by;
      return { name: 'transfer', params: { item, agent, by, target, to, ifRefused } };
    }
  }
}
