import type { EffectiveSetting, Settings } from '#platform/settings/open-settings.ts';
import { formatTable } from './table.ts';

export interface SettingsOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

/** Groups with a setting for every port: shown when changed, asked for, or with `--all`. */
const LONG_GROUPS = /^(?:ports|address)\./;

/** `emcee settings`: what is in force, where it came from and what it does. */
export function printSettings(
  settings: Settings,
  prefix: string | undefined,
  options: SettingsOptions,
): void {
  const asked = settings.effective.filter((each) => each.name.startsWith(prefix ?? ''));
  if (options.json) {
    console.log(JSON.stringify(asked.map(toJson), undefined, 2));
    return;
  }
  if (asked.length === 0)
    throw new Error(`Cannot find a setting whose name begins with "${prefix}"`);
  const shown = asked.filter(
    (each) =>
      options.all ||
      prefix !== undefined ||
      each.source !== 'default' ||
      !LONG_GROUPS.test(each.name),
  );
  console.log(
    formatTable([
      ['setting', 'value', 'from', 'what it does'],
      ...shown.map((each) => [each.name, valueOf(each), sourceOf(each), each.definition.what]),
    ]),
  );
  const hidden = asked.length - shown.length;
  if (hidden > 0) {
    console.log(`\n${hidden} ports and addresses are as in the port matrix; --all shows them.`);
  }
}

function valueOf({ value, definition }: EffectiveSetting): string {
  if (definition.secret) return value === '' ? '' : '(secret)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isAmount = typeof value === 'number' && definition.unit !== undefined;
  return isAmount ? `${text} ${definition.unit}` : text;
}

const sourceOf = ({ source, where }: EffectiveSetting): string =>
  where === '' ? source : `${source} ${where}`;

function toJson({ name, value, source, where, definition }: EffectiveSetting): object {
  const { unit = null, secret = false, what, why } = definition;
  return {
    name,
    value: secret ? null : value,
    unit,
    source,
    where,
    default: secret ? null : definition.default,
    secret,
    what,
    why,
  };
}
