import type { SettingDefinition } from './settings.ts';

/** What a text or a JSON value means as the value of one setting. */
export type Coerced =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'bad'; readonly reason: string };

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1_000,
  mb: 1_000_000,
  gb: 1_000_000_000,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};
const SCALES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ms: MILLISECONDS,
  bytes: BYTES,
};
const SWITCHES: Readonly<Record<string, boolean>> = { on: true, yes: true, off: false, no: false };

/**
 * Reads `raw` as a value of `definition`: as it stands; else, if it is text, as an amount in the
 * setting's unit (`30 s`, `5min`, `64 MiB`), as a switch (`on`, `no`), as JSON, or as a list with commas.
 */
export function coerce(definition: SettingDefinition, raw: unknown): Coerced {
  let reason: string | undefined;
  for (const candidate of candidates(definition, raw)) {
    const result = definition.schema.safeParse(candidate);
    if (result.success) return { type: 'value', value: result.data };
    // The last way of reading a text is the least likely: the first reason is the one to tell.
    reason ??= result.error.issues[0]?.message;
  }
  return { type: 'bad', reason: reason ?? 'not allowed' };
}

function* candidates(definition: SettingDefinition, raw: unknown): Generator {
  yield raw;
  if (typeof raw !== 'string') return;
  const text = raw.trim();
  if (text !== raw) yield text;
  const amount = parseAmount(text, SCALES[definition.unit ?? '']);
  if (amount !== undefined) yield amount;
  const state = SWITCHES[text.toLowerCase()];
  if (state !== undefined) yield state;
  const json = parseJson(text);
  if (json !== undefined) yield json;
  else yield text.split(',').map((each) => each.trim());
}

function parseAmount(text: string, scale?: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/.exec(text) ?? [];
  const factor = scale?.[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
