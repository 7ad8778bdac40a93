/** The configuration that a replay tries: a text as the control panel exports it, whole or some kinds of it. */
import { readFileSync } from 'node:fs';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import type { Problem } from '#domain/configuration/problem.ts';
import { referencesOf } from '#domain/configuration/references.ts';
import { planTogether } from '#servers/configuration-server/rules/plan-together.ts';
import { parseText } from '#servers/configuration-server/rules/text.ts';
import { ROUTING_KINDS } from '#servers/media-director/rules/routing-kinds.ts';

/** @throws {Error} One sentence: what is wrong with it, and where. */
export function readChange(file: string): readonly DraftDocument[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
    throw new Error(`Cannot read "${file}": ${why}`, { cause: error });
  }
  const read = parseText(text);
  if (read.type !== 'read') throw unsound(file, read.problems);
  if (read.documents.length === 0) throw new Error(`Cannot try "${file}": it names nothing`);
  return read.documents;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
};

/** The kinds that a change file does not name, so that they stay as they were. */
export const keptKinds = (documents: readonly DraftDocument[]): readonly DocumentKind[] =>
  [...ROUTING_KINDS].filter((kept) => !documents.some(({ kind }) => kind === kept));

/**
 * The whole configuration to be tried: of each kind that the file names, what it names; the others as they
 * were. It is checked as an import is.
 *
 * @throws {Error} One sentence: what is wrong with it, and where.
 */
export function wholeOf(
  file: string,
  documents: readonly DraftDocument[],
  before: Configuration,
): readonly DraftDocument[] {
  const kept = keptKinds(documents).flatMap((kind) =>
    [...before.all(kind)].map(([id, body]): DraftDocument => ({ kind, id, body: { ...body } })),
  );
  const skills = documents.some(({ kind }) => kind === 'skill') ? [] : skillsOf(before);
  const plan = planTogether(
    { documents: new Map(), configuration: before },
    { documents: [...documents, ...kept, ...skills], retireOthers: false },
  );
  if (plan.type === 'invalid') throw unsound(file, plan.problems);
  return plan.drafts;
}

/** The director keeps no skills; those that anything refers to were there. */
function skillsOf(before: Configuration): DraftDocument[] {
  const referred = (['agent', 'queue'] as const).flatMap((kind) =>
    [...before.all(kind).values()].flatMap((body) => referencesOf(kind, body)),
  );
  const ids = new Set(referred.filter(({ kind }) => kind === 'skill').map(({ id }) => id));
  return [...ids].map((id) => ({ kind: 'skill', id, body: { name: id } }));
}

function unsound(file: string, [first, ...others]: readonly Problem[]): Error {
  const where = first?.path ? `"${first.path}": ` : '';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return new Error(`Cannot try "${file}": ${where}${first?.problem ?? ''}${more}`);
}
