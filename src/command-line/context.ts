/** What every command needs: the settings in force and the data directory they name. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ComponentDefinitions } from '#platform/component.ts';
import { dataSettings } from '#platform/installation/data-directory.ts';
import { platformSettings } from '#platform/platform-settings.ts';
import type { Settings, SettingsCatalog } from '#platform/settings/open-settings.ts';
import { openSettings } from '#platform/settings/open-settings.ts';

/** The options of every command. */
export interface CommonOptions {
  readonly set?: readonly string[];
  readonly data?: string;
}

export interface Context {
  readonly settings: Settings;
  /** The data directory, as an absolute path; `start` makes it. */
  readonly directory: string;
}

/** For an option that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  value,
];

/** Adds `--data` and `--set` to a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data <directory>', 'the data directory (also EMCEE_DATA)')
    .option('--set <name=value>', 'override a setting; may be given several times', collect);
}

/** The common options as arguments again, for a child process. */
export function commonArguments(options: CommonOptions): string[] {
  return [
    ...(options.data === undefined ? [] : ['--data', options.data]),
    ...(options.set ?? []).flatMap((flag) => ['--set', flag]),
  ];
}

/** Every setting there is, of the platform and of every component. */
export async function settingsCatalog(components: ComponentDefinitions): Promise<SettingsCatalog> {
  const catalog: Record<string, SettingsCatalog[string]> = { ...platformSettings };
  for (const [name, component] of components) {
    const own = await component.settings?.();
    if (own) catalog[name] = { ...catalog[name], ...own };
  }
  return catalog;
}

/** Reads all settings. @throws {SettingsError} With a sentence a fault. */
export async function openContext(
  components: ComponentDefinitions,
  options: CommonOptions,
): Promise<Context> {
  const environment = process.env;
  const flags = [
    ...(options.data === undefined ? [] : [`data=${options.data}`]),
    ...(options.set ?? []),
  ];
  // The file lies in the data directory, so it cannot name it: that one setting is looked for first.
  const ofData = (each: string): boolean => each.startsWith('data=');
  const { data } = openSettings({
    catalog: { '': dataSettings },
    environment,
    flags: flags.filter(ofData),
  }).of('', dataSettings);
  const directory = resolve(data);
  const settings = openSettings({
    catalog: await settingsCatalog(components),
    file: join(directory, 'settings.json'),
    environment,
    flags,
  });
  return { settings, directory };
}
