/** What waiting customers are told of their place and their wait, in the words of an administrator. */
import { minutes, type Milliseconds } from '#base/time.ts';
import type { Queue } from '../configuration/documents.ts';

/** What is known of a waiting customer's prospects. */
export interface Prospect {
  /** From 1. */
  readonly place: number;
  /** Left out where nobody can tell. */
  readonly wait?: { readonly least: Milliseconds; readonly most: Milliseconds } | undefined;
}

/** A mark that is filled in: `{place}`, `{least}`, `{most}`, and `{wait}` for both with their unit. */
const MARK = /\{(place|least|most|wait)\}/g;

/**
 * The announcements of a queue with what is known filled in; '' where there is nothing to say. A text
 * that asks for something unknown is left out as a whole: nobody is told nonsense.
 *
 * @param language Of the texts, as a BCP 47 tag: it says how `{wait}` reads, as in `2–5 minutes`.
 */
export function announcementOf(
  { place, wait }: Queue['announcements'],
  prospect: Prospect,
  language: string,
): string {
  const values = valuesOf(prospect, language);
  return [place, wait].flatMap((text) => filledIn(text, values) ?? []).join(' ');
}

type Values = Readonly<Record<string, string | undefined>>;

function valuesOf({ place, wait }: Prospect, language: string): Values {
  if (!wait) return { place: String(place) };
  const { least, most } = inMinutes(wait);
  const format = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'minute',
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  });
  return {
    place: String(place),
    least: String(least),
    most: String(most),
    wait: least === most ? format.format(most) : format.formatRange(least, most),
  };
}

/** Whole minutes around the interval; somebody always waits for a moment, so it is never nothing to nothing. */
function inMinutes({ least, most }: NonNullable<Prospect['wait']>): {
  least: number;
  most: number;
} {
  const to = Math.max(1, Math.ceil(most / minutes(1)));
  return { least: Math.min(Math.max(1, Math.floor(least / minutes(1))), to), most: to };
}

function filledIn(text: string, values: Values): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const isKnown = trimmed.matchAll(MARK).every(([, mark = '']) => values[mark] !== undefined);
  return isKnown ? trimmed.replaceAll(MARK, (_, mark: string) => values[mark] ?? '') : undefined;
}
