import type { Configuration } from '#domain/configuration/configuration.ts';
import { CHANNELS } from '#domain/ids.ts';
import { channelName } from '#ui/channel-icon.tsx';
import type { Choice } from './field.ts';

/** All documents of a kind in use, by their names. */
export const choicesOf =
  (kind: 'queue' | 'skill' | 'schedule' | 'agent' | 'mailbox' | 'mail-template') =>
  (configuration: Configuration): Choice[] =>
    [...configuration.all(kind)].map(([value, { name }]) => ({ value, label: name }));

/** All channels, by their names. */
export const channels = (): Choice[] =>
  CHANNELS.map((value) => ({ value, label: channelName(value) }));

export const ROLES: readonly Choice[] = [
  { value: 'agent', label: 'Agent' },
  { value: 'supervisor', label: 'Supervisor' },
  { value: 'administrator', label: 'Administrator' },
];

export const roleNames = (roles: readonly string[]): string =>
  roles.map((role) => labelOf(ROLES, role)).join(', ');

export const labelOf = (choices: readonly Choice[], value: string): string =>
  choices.find((choice) => choice.value === value)?.label ?? value;
