import { coerce } from './coerce.ts';
import { nearNames } from './near-names.ts';
import type { SettingDefinition, SettingsSchema, SettingsValues } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import type { RawSetting, SettingSource } from './sources.ts';
import { SETTING_SOURCES, readEnvironment, readFlags, readSettingsFile } from './sources.ts';

/** Every setting there is, by the part of its name before the dot; '' holds those without a dot. */
export type SettingsCatalog = Readonly<Record<string, SettingsSchema>>;

/** One setting as it is in force. */
export interface EffectiveSetting {
  readonly name: string;
  readonly value: unknown;
  readonly source: SettingSource;
  /** Where the value stands: the file, the variable or the flag; '' for a default. */
  readonly where: string;
  readonly definition: SettingDefinition;
}

/** The settings in force. They do not change while the program runs. */
export interface Settings {
  /** The values of one group: `of('media-director', mediaDirectorSettings)`. */
  of<S extends SettingsSchema>(group: string, schema: S): SettingsValues<S>;
  /** Every setting of the catalog, in its order. */
  readonly effective: readonly EffectiveSetting[];
}

export interface SettingsOptions {
  readonly catalog: SettingsCatalog;
  /** The settings file; it need not exist. */
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `name=value`, as given to `--set`. */
  readonly flags?: readonly string[];
}

/**
 * Reads all sources, weakest first: default, file, environment, flag.
 *
 * A variable `EMCEE_…` that no setting is named after is left alone: Kubernetes and Docker make such
 * variables for every service called emcee.
 *
 * @throws {SettingsError} With every unknown name and every value that does not fit, a sentence each.
 */
export function openSettings(options: SettingsOptions): Settings {
  const definitions = definitionsOf(options.catalog);
  const names = new Set(definitions.keys());
  const given: RawSetting[] = [
    ...(options.file === undefined ? [] : readSettingsFile(options.file, names)),
    ...readEnvironment(options.environment ?? {}, names),
    ...readFlags(options.flags ?? []),
  ];
  const problems: string[] = [];
  const found = new Map<string, EffectiveSetting>();
  for (const raw of given.toSorted((a, b) => rank(a) - rank(b))) {
    const definition = definitions.get(raw.name);
    if (!definition) {
      problems.push(unknownName(raw, names));
      continue;
    }
    const coerced = coerce(definition, raw.value);
    if (coerced.type === 'bad') problems.push(badValue(raw, definition, coerced.reason));
    else found.set(raw.name, { ...raw, value: coerced.value, definition });
  }
  if (problems.length > 0) throw new SettingsError(problems);

  function valuesOf<S extends SettingsSchema>(group: string, schema: S): SettingsValues<S>;
  function valuesOf(group: string, schema: SettingsSchema): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(schema).map(([key, definition]) => [
        key,
        (found.get(fullName(group, key)) ?? { value: definition.default }).value,
      ]),
    );
  }

  return {
    of: valuesOf,
    effective: [...definitions].map(
      ([name, definition]) =>
        found.get(name) ?? {
          name,
          value: definition.default,
          source: 'default',
          where: '',
          definition,
        },
    ),
  };
}

const fullName = (group: string, key: string): string => (group === '' ? key : `${group}.${key}`);

const rank = (raw: RawSetting): number => SETTING_SOURCES.indexOf(raw.source);

function definitionsOf(catalog: SettingsCatalog): ReadonlyMap<string, SettingDefinition> {
  return new Map(
    Object.entries(catalog).flatMap(([group, schema]) =>
      Object.entries(schema).map(
        ([key, definition]) => [fullName(group, key), definition] as const,
      ),
    ),
  );
}

function unknownName(raw: RawSetting, names: ReadonlySet<string>): string {
  const near = nearNames(raw.name, names).map((each) => `"${each}"`);
  const advice =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : '"emcee settings" lists all there are';
  return `Cannot use setting "${raw.name}" of ${raw.where}: there is no such setting; ${advice}`;
}

function badValue(raw: RawSetting, definition: SettingDefinition, reason: string): string {
  const value = definition.secret ? 'its value' : JSON.stringify(raw.value);
  const unit = definition.unit === undefined ? '' : ` (in ${definition.unit})`;
  return `Cannot use setting "${raw.name}" of ${raw.where}: ${value}${unit} does not fit: ${reason}`;
}
