import type { Implementation } from '#base/contract.ts';
import type { Journal } from '#platform/journal/journal.ts';
import type { Change } from './changes.ts';
import type { EmailFact, emailMediaStore } from './contract.ts';
import type { WritingSigns } from './writing-signs.ts';

type Store = Implementation<typeof emailMediaStore>;

export interface ImplementationParts {
  readonly methods: Store['methods'];
  readonly journal: Journal<Change, EmailFact>;
  readonly signs: WritingSigns;
}

/** The contract: its methods, each group from its own part, and what happens as it happens. */
export const implementation = ({ methods, journal, signs }: ImplementationParts): Store => ({
  methods,
  streams: {
    async *events({ since }, { signal }) {
      for await (const event of journal.follow(since ?? journal.position, signal)) {
        yield { event, cursor: event.position };
      }
    },
    async *writing(_request, { signal }) {
      for await (const event of signs.follow(signal)) yield { event, cursor: undefined };
    },
  },
});
