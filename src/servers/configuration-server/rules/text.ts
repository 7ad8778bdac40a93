/**
 * The configuration as text: JSON with sorted keys, one value a line, so that two exports of the same
 * configuration are equal and a difference shows as the lines that differ.
 *
 *     {
 *       "format": "emcee-configuration/1",
 *       "documents": {
 *         "agent": { "agent-1": { "login": "agent.1", … } },
 *         "organisation": { "organisation": { … } }
 *       },
 *       "settings": { "role:agent": { "theme": "dark" } }
 *     }
 */
import { z } from 'zod';
import type { Problem } from '#domain/configuration/problem.ts';
import { DocumentKind } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { Scope } from '../contract.ts';
import type { Invalid } from './plan.ts';
import { sorted } from '#base/sorted.ts';

const FORMAT = 'emcee-configuration/1';

export interface ConfigurationText {
  readonly documents: readonly DraftDocument[];
  /** Left out: those that stand are left alone. */
  readonly settings: Settings | undefined;
}

/** Values by scope and name. */
export type Settings = Readonly<Partial<Record<Scope, Readonly<Record<string, unknown>>>>>;

const Fields = z.record(z.string(), z.unknown());

const Text = z.strictObject({
  format: z.literal(FORMAT, { error: `it must be "${FORMAT}"` }),
  documents: z.partialRecord(DocumentKind, z.record(z.string(), Fields)),
  settings: z.partialRecord(Scope, Fields).optional(),
});

/** Writes documents in use and settings down. */
export function encodeText({ documents, settings }: ConfigurationText): string {
  const byKind: Record<string, Record<string, unknown>> = {};
  for (const { kind, id, body } of documents) (byKind[kind] ??= {})[id] = body;
  const text = {
    format: FORMAT,
    documents: sorted(byKind),
    settings: sorted(settings),
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

/** Reads what `encodeText` wrote, or what a person made of it. Whether the documents are sound is not asked here. */
export function parseText(text: string): ({ readonly type: 'read' } & ConfigurationText) | Invalid {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return invalid([{ path: '', problem: `it is no JSON: ${why}` }]);
  }
  const read = Text.safeParse(json);
  if (!read.success) {
    return invalid(
      read.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issue.message })),
    );
  }
  const documents: DraftDocument[] = [];
  for (const kind of DocumentKind.options) {
    for (const [id, body] of Object.entries(read.data.documents[kind] ?? {})) {
      documents.push({ kind, id, body });
    }
  }
  return { type: 'read', documents, settings: read.data.settings };
}

const invalid = (problems: readonly Problem[]): Invalid => ({ type: 'invalid', problems });
