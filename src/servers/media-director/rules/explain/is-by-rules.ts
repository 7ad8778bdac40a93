import type { Choice } from '#domain/work-item/event.ts';

/**
 * Whether the rules chose the agent among all who could have it. A supervisor chooses by hand, and so does
 * an agent who hands a contact over to a colleague taking part in it.
 */
export const isByRules = ({ by, rule }: Choice): boolean =>
  by === 'director' || (by === 'transfer' && rule === 'only-agent');
