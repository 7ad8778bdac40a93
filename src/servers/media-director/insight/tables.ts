/** All SQL of what explaining and replaying stand on. */
import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { Database } from '#platform/database/database.ts';
import type { DocumentSpan } from './archive.ts';

/** One part of an anchor, gzipped. */
export interface AnchorPart {
  readonly part: number;
  readonly content: Buffer;
}

/** Writes an anchor, all or nothing; one that is there stays. */
export async function writeAnchor(
  database: Database,
  position: number,
  parts: readonly AnchorPart[],
): Promise<void> {
  await database.transaction(async (tx) => {
    for (const { part, content } of parts) {
      await tx.query({
        text: `
          insert into media_director.anchors (position, part, content) values ($1, $2, $3)
          on conflict do nothing`,
        values: [position, part, content],
      });
    }
  });
}

/** The position of the newest anchor at or before `position`; nothing where there is none. */
export async function findAnchor(
  database: Database,
  position: number,
): Promise<number | undefined> {
  const [row] = await database.query<{ position: number }>({
    text: `
      select position from media_director.anchors
      where position <= $1 and part = 0 order by position desc limit 1`,
    values: [position],
  });
  return row?.position;
}

/** One part of an anchor; nothing behind the last. */
export async function readAnchorPart(
  database: Database,
  position: number,
  part: number,
): Promise<Buffer | undefined> {
  const [row] = await database.query<{ content: Buffer }>({
    text: 'select content from media_director.anchors where position = $1 and part = $2',
    values: [position, part],
  });
  return row?.content;
}

/** Forgets anchors that were taken before `before`. */
export async function forgetAnchors(database: Database, before: Instant): Promise<void> {
  await database.query({
    text: 'delete from media_director.anchors where taken_at < to_timestamp($1::float8 / 1000)',
    values: [before],
  });
}

/**
 * Makes anchors fewer until they take up so many bytes at most: every other one of the older half goes,
 * time and again, so that the further back the past lies the further apart they are. The newest stays.
 */
export async function thinAnchors(database: Database, most: number): Promise<void> {
  for (;;) {
    const thinned = await database.query({
      text: `
        with anchors as (
          select position, row_number() over (order by position desc) as n, count(*) over () as count,
                 sum(sum(octet_length(content))) over () as bytes
          from media_director.anchors group by position
        )
        delete from media_director.anchors where position in (
          select position from anchors where bytes > $1::float8 and n > count / 2 and n % 2 = 0
        ) returning position`,
      values: [most],
    });
    if (thinned.length === 0) return;
  }
}

/** Keeps documents as they were heard, besides those that were before. */
export async function writeHistory(
  database: Database,
  documents: readonly StoredDocument[],
): Promise<void> {
  await database.query({
    text: `
      insert into media_director.configuration_history (kind, id, revision, retired, body)
      select kind, id, revision, retired, body
      from jsonb_to_recordset($1::jsonb)
        as heard(kind text, id text, revision bigint, retired boolean, body jsonb)
      on conflict do nothing`,
    values: [JSON.stringify(documents)],
  });
}

/** Some milliseconds of parsing. */
const DOCUMENTS_AT_A_TIME = 250;

/** @see Archive.documents */
export function readHistory(
  database: Database,
  { after, revision, since }: DocumentSpan,
): Promise<StoredDocument[]> {
  return database.query<StoredDocument>({
    text: `
      select kind, id, revision, retired, body from (
        select distinct on (kind, id) * from media_director.configuration_history
        where revision > $1 and revision <= $2 order by kind, id, revision desc
      ) as newest
      where revision > $3 order by revision limit ${DOCUMENTS_AT_A_TIME}`,
    values: [after, revision, since],
  });
}

/** Forgets all documents: their server begins to count anew. */
export async function forgetHistory(database: Database): Promise<void> {
  await database.query({ text: 'delete from media_director.configuration_history' });
}
