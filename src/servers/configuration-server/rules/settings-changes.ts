import { Scope } from '../contract.ts';
import { isSame } from '#base/sorted.ts';
import type { Settings } from './text.ts';

/** What to set in one scope; null removes a value. */
export interface SettingsChange {
  readonly scope: Scope;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What brings the settings from `before` to `wanted`: one change for each scope that differs. */
export function settingsChanges(before: Settings, wanted: Settings): SettingsChange[] {
  const scopes = new Set([...scopesIn(before), ...scopesIn(wanted)]);
  return [...scopes].flatMap((scope) => {
    const values = differences(before[scope] ?? {}, wanted[scope] ?? {});
    return Object.keys(values).length > 0 ? [{ scope, values }] : [];
  });
}

function differences(
  before: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const removed = Object.keys(before).filter((name) => !(name in wanted));
  const set = Object.entries(wanted).filter(([name, value]) => !isSame(before[name], value));
  return Object.fromEntries([...removed.map((name): [string, unknown] => [name, null]), ...set]);
}

const scopesIn = (settings: Settings): Scope[] =>
  Object.keys(settings).map((scope) => Scope.parse(scope));
