import type { Code } from '#domain/configuration/documents.ts';
import { RESERVED_REASONS } from '#domain/agent/state.ts';
import type { CodeId, QueueId } from '#domain/ids.ts';
import type { DirectorState } from './director-state.ts';
import { refuse, type Refused } from './plan.ts';

/** Why a code cannot be used so, or for this queue; nothing where it can, or where there is none. */
export function badCode(
  state: DirectorState,
  code: CodeId | undefined,
  use: Code['use'],
  queue?: QueueId,
): Refused | undefined {
  if (code === undefined || (use === 'not-ready' && isReserved(code))) return undefined;
  const known = state.configuration.get('code', code);
  const isFor = !queue || !known || known.queues.length === 0 || known.queues.includes(queue);
  if (known?.use === use && isFor) return undefined;
  return refuse('unknown-code', `Cannot use code "${code}" here: there is no such ${use} code`, {
    code,
  });
}

const isReserved = (code: CodeId): boolean =>
  (RESERVED_REASONS as readonly string[]).includes(code);
