import type { z } from 'zod';

/** One setting: what it means, in which unit, and why its default is what it is. */
export interface SettingDefinition<T = unknown> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** 'ms', 'bytes', 'address' …; left out where the value has none. */
  readonly unit?: string;
  /** One sentence: what it does. */
  readonly what: string;
  /** One sentence: why the default. */
  readonly why: string;
  /** True for passwords and keys: never printed. */
  readonly secret?: boolean;
}

/** A component's settings by name: `chat.max-message` is `max-message` of the component `chat`. */
export type SettingsSchema = Readonly<Record<string, SettingDefinition>>;

export type SettingsValues<S extends SettingsSchema> = {
  readonly [K in keyof S]: S[K] extends SettingDefinition<infer T> ? T : never;
};

/** Gives a settings schema its exact type. */
export function defineSettings<const S extends SettingsSchema>(schema: S): S {
  return schema;
}
