/** What happens to lines: work with wishes of its own, places that are kept, rules that change. Only tests import this file. */
import { AgentId, CHANNELS, QueueId, SkillId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { newItemId, submission, type RuleCentre } from './centre.ts';

interface Chance {
  readonly which: number;
  readonly how: number;
}

const FRENCH = SkillId.parse('french');
const BRAKED = QueueId.parse('braked');

/** No hours at all: closed whatever the time. */
const CLOSED = { timeZone: 'UTC', week: [[], [], [], [], [], [], []] };

const WAYS_TO_LIMIT = [
  { offersPerMinute: 12, limits: { waiting: 2, longestWait: 30_000 }, overflow: 'sales' },
  { limits: { waiting: 0 }, overflow: 'french' },
  { limits: { waiting: 1, longestWait: 5_000 } },
  { schedule: 'never', overflow: 'sales', limits: { longestWait: 5_000 } },
];

/** Done whether or not there is any work. */
export const DEEDS_OF_LINES: Readonly<
  Record<string, (centre: RuleCentre, agent: AgentId, chance: Chance) => unknown>
> = {
  /** Work that asks for something itself, and work that cannot be refused. */
  submitOdd(centre, agent, { which, how }) {
    const must = (level: number) => ({
      must: { type: 'skill' as const, skill: FRENCH, level },
    });
    const item = submission({
      queue: how % 3 === 0 ? BRAKED : QueueId.parse('sales'),
      channel: CHANNELS[how % CHANNELS.length] ?? 'web-chat',
      enteredAt: centre.now - (which % 5) * 1_000,
      accountOwner: which % 2 === 0 ? agent : undefined,
      offline: how % 4 === 0,
      serviceObjective: [undefined, 2_000, 600_000][which % 3],
      requirements:
        how % 2 === 0
          ? [
              { after: 0, requirement: must(8) },
              { after: 6_000, requirement: must(1) },
              { after: 20_000, requirement: {} },
            ]
          : undefined,
    });
    centre.run('submit', { item });
  },
  /** More come at once to the limited queue than it has room for. */
  rush(centre, _, { which }) {
    for (let n = 0; n < 4; n++) {
      const channel = (which + n) % 3 === 0 ? 'email' : 'web-chat';
      const item = submission({ queue: BRAKED, channel, enteredAt: centre.now });
      centre.run('submit', { item });
    }
  },
  limitOtherwise(centre, _, { how }) {
    const braked = WAYS_TO_LIMIT[how % WAYS_TO_LIMIT.length] ?? {};
    centre.configure({ schedule: { never: CLOSED }, queue: { braked } });
  },
};

/** Done to a work item, if there is one. */
export const DEEDS_TO_LINES: Readonly<
  Record<string, (centre: RuleCentre, item: OpenWorkItem) => unknown>
> = {
  keepPlace: (centre, { id }) => centre.run('keepPlace', { item: id, to: newItemId() }),
  cancelCallback(centre, { id }) {
    const called = [...centre.state.centre.items.values()].find((item) => item.callback);
    centre.run('cancelCallback', { item: called?.id ?? id });
  },
};
