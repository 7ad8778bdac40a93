/** What every command needs: the settings in force and the data directory they name. */
import { join, resolve } from 'node:path';
import type { ComponentDefinitions } from '#platform/component.ts';
import { dataSettings } from '#platform/installation/data-directory.ts';
import { platformSettings } from '#platform/platform-settings.ts';
import type { Settings, SettingsCatalog } from '#platform/settings/open-settings.ts';
import { openSettings } from '#platform/settings/open-settings.ts';
import type { CommonOptions } from './options.ts';

export interface Context {
  readonly settings: Settings;
  /** The data directory, as an absolute path; `start` makes it. */
  readonly directory: string;
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

/**
 * Reads all settings.
 *
 * @param prepare Is handed the data directory before anything in it is read.
 * @throws {SettingsError} With a sentence a fault.
 */
export async function openContext(
  components: ComponentDefinitions,
  options: CommonOptions,
  prepare: (directory: string) => void = () => undefined,
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
  prepare(directory);
  const settings = openSettings({
    catalog: await settingsCatalog(components),
    file: join(directory, 'settings.json'),
    environment,
    flags,
  });
  return { settings, directory };
}
