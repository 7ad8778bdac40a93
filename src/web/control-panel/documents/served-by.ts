import type { Serves } from '#domain/configuration/documents.ts';
import { printExpression } from '#domain/requirement/print.ts';

/** Who serves a queue, in a few words. */
export function servedBy(serves: Serves): string {
  switch (serves.type) {
    case 'everyone':
      return 'Every agent';
    case 'listed':
      return serves.agents.length === 1 ? '1 agent' : `${serves.agents.length} agents`;
    case 'skilled': {
      const count = Object.keys(serves.skills).length;
      return count === 1 ? '1 skill' : `${count} skills`;
    }
    case 'matching':
      return printExpression(serves.must);
  }
}
