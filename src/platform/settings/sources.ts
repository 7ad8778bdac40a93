import { readFileSync } from 'node:fs';
import { codeOf, messageOf } from '#base/failure.ts';
import { SettingsError } from './settings-error.ts';

/** Where a value came from, weakest first: a later source overrides an earlier one. */
export const SETTING_SOURCES = ['default', 'file', 'environment', 'flag'] as const;

export type SettingSource = (typeof SETTING_SOURCES)[number];

/** A value as it was given, before it is known whether it fits. */
export interface RawSetting {
  readonly name: string;
  readonly value: unknown;
  readonly source: SettingSource;
  /** What to tell a person: the file, the variable, the flag. */
  readonly where: string;
}

/**
 * Reads a settings file: JSON with names as they are (`"ports.offset": 100`) or nested
 * (`"ports": { "offset": 100 }`). A file that does not exist holds nothing.
 *
 * @param names All names there are: tells a nested group from a setting whose value is an object.
 * @throws {SettingsError} If the file cannot be read or is not a JSON object.
 */
export function readSettingsFile(path: string, names: ReadonlySet<string>): RawSetting[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new SettingsError([`Cannot read "${path}": ${messageOf(error)}`], error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new SettingsError([`Cannot read "${path}": ${messageOf(error)}`], error);
  }
  if (!isObject(content)) {
    throw new SettingsError([`Cannot read "${path}": it must hold one JSON object`]);
  }
  return flatten(content, names).map(([name, value]) => ({
    name,
    value,
    source: 'file',
    where: path,
  }));
}

function flatten(
  content: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
  prefix = '',
): (readonly [string, unknown])[] {
  return Object.entries(content).flatMap(([key, value]) => {
    const name = prefix + key;
    return isObject(value) && !names.has(name)
      ? flatten(value, names, `${name}.`)
      : [[name, value] as const];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The variable that sets `name`: `ports.offset` is `EMCEE_PORTS_OFFSET`. */
export function environmentName(name: string): string {
  return `EMCEE_${name.toUpperCase().replaceAll(/[.-]/g, '_')}`;
}

/** The settings among `variables`. An empty variable counts as not set. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  names: ReadonlySet<string>,
): RawSetting[] {
  return [...names].flatMap((name) => {
    const where = environmentName(name);
    const value = variables[where];
    return value ? [{ name, value, source: 'environment' as const, where }] : [];
  });
}

/**
 * Reads `name=value` pairs as given to `--set`.
 *
 * @throws {SettingsError} If one has no `=`.
 */
export function readFlags(flags: readonly string[]): RawSetting[] {
  return flags.map((flag) => {
    const at = flag.indexOf('=');
    if (at < 1) {
      throw new SettingsError([
        `Cannot use "--set ${flag}": write --set name=value, as in --set ports.offset=100`,
      ]);
    }
    const where = '--set';
    return { name: flag.slice(0, at).trim(), value: flag.slice(at + 1), source: 'flag', where };
  });
}
