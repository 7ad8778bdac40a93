import type { SeatHolder } from '../contract.ts';

/** The limits that a seat counts against. */
export function limitNames(holder: SeatHolder): readonly string[] {
  return holder.type === 'agent'
    ? ['agents', ...new Set(holder.media.map((medium) => `agents.${medium}`))]
    : ['components', `components.${holder.component}`];
}

/** Tells holders apart. */
export const keyOf = (
  holder: { readonly agent: string } | { readonly component: string; readonly instance: string },
): string =>
  'agent' in holder ? `agent ${holder.agent}` : `component ${holder.component} ${holder.instance}`;
