import type { Role } from '#domain/configuration/documents.ts';
import type { Scope } from '../contract.ts';
import type { Settings } from './text.ts';

/** A value somebody set. */
export interface SetValue {
  readonly scope: Scope;
  readonly name: string;
  readonly value: unknown;
}

/** For whom settings are wanted. */
export interface Who {
  readonly agent?: string | undefined;
  readonly roles: readonly Role[];
  readonly machine?: string | undefined;
}

/** Of two roles of one agent, the one that may do more has its way. */
const ROLES: readonly Role[] = ['agent', 'supervisor', 'administrator'];

/** The scopes that hold for somebody, the least particular first. */
export function scopesOf({ agent, roles, machine }: Who): Scope[] {
  return [
    'everyone',
    ...ROLES.filter((role) => roles.includes(role)).map((role) => `role:${role}` as const),
    ...(agent === undefined ? [] : [`agent:${agent}` as const]),
    ...(machine === undefined ? [] : [`machine:${machine}` as const]),
  ];
}

/** The values that hold for somebody: of several, that of the most particular scope. */
export function effectiveSettings(
  values: readonly SetValue[],
  who: Who,
): Record<string, { value: unknown; scope: Scope }> {
  const scopes = scopesOf(who);
  const effective: [string, { value: unknown; scope: Scope }][] = scopes.flatMap((scope) =>
    values
      .filter((set) => set.scope === scope)
      .map(({ name, value }): [string, { value: unknown; scope: Scope }] => [
        name,
        { value, scope },
      ]),
  );
  return Object.fromEntries(effective); // a later scope wins
}

/** Values as they are stored, by scope and name. */
export function settingsByScope(values: readonly SetValue[]): Settings {
  const byScope: { [S in Scope]?: Record<string, unknown> } = {};
  for (const { scope, name, value } of values) (byScope[scope] ??= {})[name] = value;
  return byScope;
}
