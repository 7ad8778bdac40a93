import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { DirectorState, Touched } from './rules/director-state.ts';
import type { Ledger } from './ledger.ts';

/**
 * Takes into `state` what the journal holds behind it.
 *
 * @param each Told what each event changed.
 * @throws {Error} If the journal is shorter than what the state reflects: part of the database was replaced.
 */
export async function recover(
  state: DirectorState,
  ledger: Pick<Ledger, 'position' | 'follow'>,
  each: (event: DirectorEvent, touched: Touched) => void,
): Promise<void> {
  const { position } = ledger;
  if (state.position > position) {
    throw new Error(
      `Cannot begin at position ${state.position}: the journal ends at ${position}; restore a backup of the whole database`,
    );
  }
  if (state.position === position) return;
  state.takeTouched();
  const done = new AbortController();
  for await (const record of ledger.follow(state.position, done.signal)) {
    take(state, record);
    each(record.body, state.takeTouched());
    if (state.position >= position) break;
  }
  done.abort();
}

function take(state: DirectorState, { position, at, body }: DirectorRecord): void {
  if (position !== state.position + 1) {
    throw new Error(`Cannot go on at ${state.position}: the journal goes on at ${position}`);
  }
  state.apply(at, body);
}
