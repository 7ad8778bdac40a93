import { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import { DocumentKind } from '#domain/configuration/documents.ts';
import type { FeedRequest, LineFeed, NumberedEvent } from '#platform/lines/lines.ts';
import { configurationServer } from './contract.ts';
import type { Documents } from './documents.ts';

/** The only stream there is; its numbers are the revisions. */
const STREAM = 'configuration';

/** Only these kinds; left out: all. */
const Filter = z.object({ kinds: z.array(DocumentKind).min(1) }).optional();

/** Tells of changes as JSON Lines, one document a line, for programs that do without rpc. */
export function configurationLineFeed(documents: Documents): LineFeed {
  return {
    roles: configurationServer.streams.changes.roles,
    follow: (request, signal) => follow(documents, request, signal),
  };
}

async function* follow(
  documents: Documents,
  { stream, since, filter }: FeedRequest,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  if (stream !== STREAM) {
    throw new Refusal('unknown-stream', `There is no stream "${stream}": ask for "${STREAM}"`);
  }
  const read = Filter.safeParse(filter);
  if (!read.success) {
    const kinds = DocumentKind.options.join(', ');
    throw new Refusal('bad-filter', `A filter is {"kinds":[…]} with some of ${kinds}`);
  }
  const kinds = read.data?.kinds;
  for await (const { number, change } of documents.follow(since, signal)) {
    if (!kinds || kinds.includes(change.kind)) yield { n: number, event: change };
  }
}
