import type { CannedText } from '#domain/configuration/documents.ts';
import type { QueueId } from '#domain/ids.ts';

/**
 * The canned texts for a queue that what is typed asks for: a slash and the beginning of a key, or any
 * word of a name. Nothing when the text does not begin with a slash.
 */
export function chooseCannedTexts(
  all: ReadonlyMap<string, CannedText>,
  queue: QueueId,
  typed: string,
): [string, CannedText][] {
  if (!/^\/\S*$/.test(typed)) return [];
  const wanted = typed.slice(1).toLowerCase();
  return [...all]
    .filter(([, { queues }]) => queues.length === 0 || queues.includes(queue))
    .filter(
      ([, { name, key }]) =>
        key.toLowerCase().startsWith(wanted) ||
        name
          .toLowerCase()
          .split(/\s+/)
          .some((word) => word.startsWith(wanted)),
    )
    .toSorted(([, a], [, b]) => a.name.localeCompare(b.name));
}
