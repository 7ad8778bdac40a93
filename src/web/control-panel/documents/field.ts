import type { Configuration } from '#domain/configuration/configuration.ts';

interface Common {
  /** The property of the body, dotted for one within another: `serviceLevel.target`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  /** Only shown where this holds; left out: always. */
  readonly when?: (body: Record<string, unknown>) => boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

type Choices = (configuration: Configuration) => readonly Choice[];

/** Limits of a number, and what stands in its field while it is empty; left out: it is never empty. */
interface Range {
  readonly min: number;
  readonly max: number;
  readonly empty?: string;
}

/** One field of a form: what it edits and with what. */
export type Field = Common &
  (
    | {
        readonly type: 'text';
        readonly placeholder?: string;
        /** What others have there. */
        readonly suggestions?: (configuration: Configuration) => readonly string[];
      }
    | { readonly type: 'long-text'; readonly isCode?: boolean }
    /** HTML, with fields that are filled in when it is used. */
    | { readonly type: 'rich' }
    | (Range & { readonly type: 'number'; readonly unit?: string })
    /** Milliseconds, edited in seconds or minutes. */
    | (Range & { readonly type: 'duration'; readonly unit: 's' | 'min' })
    /** Bytes, edited in MB. */
    | (Range & { readonly type: 'size' })
    | { readonly type: 'switch' }
    | { readonly type: 'choice'; readonly choices: Choices }
    | { readonly type: 'choices'; readonly choices: Choices }
    /** Any texts, one a line. */
    | { readonly type: 'lines'; readonly placeholder?: string }
    /** A number for each of the choices that are switched on: skills with levels, channels with capacity. */
    | (Range & { readonly type: 'numbers'; readonly choices: Choices; readonly initial: number })
    /** For each of the choices, some of them: what may interrupt what. */
    | { readonly type: 'lists'; readonly choices: Choices }
    /** Names and values: `site` → `berlin`. */
    | { readonly type: 'attributes' }
    /** What is asked of an agent at first, and what later; and what is said where there is no step. */
    | { readonly type: 'steps'; readonly empty: string }
    | { readonly type: 'week' }
    | { readonly type: 'days' }
    | { readonly type: 'serves' }
    /** A template in several languages. */
    | { readonly type: 'versions' }
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

/** What is wrong at or below a path, in one sentence. */
export type ProblemAt = (path: string) => string | undefined;
