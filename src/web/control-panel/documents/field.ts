import type { Configuration } from '#domain/configuration/configuration.ts';

interface Common {
  /** The property of the body, dotted for one within another: `serviceLevel.target`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One field of a form: what it edits and with what. */
export type Field = Common &
  (
    | { readonly type: 'text'; readonly placeholder?: string }
    | { readonly type: 'long-text' }
    | {
        readonly type: 'number';
        readonly min: number;
        readonly max: number;
        readonly unit?: string;
      }
    /** Milliseconds, edited in seconds. */
    | { readonly type: 'seconds'; readonly min: number; readonly max: number }
    | { readonly type: 'switch' }
    | { readonly type: 'choice'; readonly choices: (configuration: Configuration) => Choice[] }
    | { readonly type: 'choices'; readonly choices: (configuration: Configuration) => Choice[] }
    /** Any texts, one a line. */
    | { readonly type: 'lines' }
    /** A number for each of the choices that are switched on: skills with levels, channels with capacity. */
    | {
        readonly type: 'numbers';
        readonly choices: (configuration: Configuration) => Choice[];
        readonly min: number;
        readonly max: number;
        readonly initial: number;
      }
    | { readonly type: 'week' }
    | { readonly type: 'days' }
    | { readonly type: 'serves' }
  );

/** The value at a dotted path. */
export function valueAt(body: Record<string, unknown>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}

/** A copy with another value at a dotted path; `undefined` takes the property away. */
export function withValueAt(
  body: Record<string, unknown>,
  path: string,
  value: unknown,
): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.');
  if (rest.length > 0) {
    const inner = (body[name] as Record<string, unknown> | undefined) ?? {};
    return { ...body, [name]: withValueAt(inner, rest.join('.'), value) };
  }
  const { [name]: _, ...others } = body;
  return value === undefined ? others : { ...others, [name]: value };
}
