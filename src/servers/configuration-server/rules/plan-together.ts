import { administratorsOf, checkDocument } from '#domain/configuration/check.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { DOCUMENTS, type DocumentKind } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { type Changes, type Draft, type Invalid, type Shelves, keyOf, pathOf } from './plan.ts';
import { isSame } from '#base/sorted.ts';
import { unknownFields } from './unknown-fields.ts';

export interface Together {
  readonly documents: readonly DraftDocument[];
  /** Retire what is in use and not among the documents. */
  readonly retireOthers: boolean;
}

/** Referred to before referring, so that whoever follows the changes never sees a name that is not there yet. */
const ORDER: readonly DocumentKind[] = [
  'organisation',
  'skill',
  'schedule',
  'agent',
  'mailbox',
  'queue',
  'mail-template',
  'entry-point',
  'code',
  'canned-text',
  'integration',
  'webhook',
];

/** Plans to store many documents at once: each is checked as all of them will stand together. */
export function planTogether(shelves: Shelves, together: Together): Changes | Invalid {
  const documents = together.documents.toSorted(
    (one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind),
  );
  const gone = together.retireOthers ? othersOf(shelves, documents) : [];
  const after = configurationAfter(shelves, documents, gone);

  const problems = [...twiceOf(documents)];
  const drafts: Draft[] = [];
  for (const { kind, id, body } of documents) {
    const checked = checkDocument(kind, id, body, after);
    const found = [
      ...(checked.type === 'invalid' ? checked.problems : []),
      ...unknownFields(DOCUMENTS[kind], body),
    ];
    problems.push(...found.map((one) => ({ ...one, path: pathOf(kind, id, one.path) })));
    if (checked.type === 'invalid') continue;
    const before = shelves.documents.get(keyOf(kind, id));
    if (before && !before.retired && isSame(before.body, checked.body)) continue;
    drafts.push({ kind, id, retired: false, body: checked.body });
  }
  if (gone.some(({ kind }) => kind === 'organisation')) {
    problems.push({ path: 'organisation', problem: 'there must be one' });
  }
  if (administratorsOf(after).length === 0) {
    problems.push({ path: 'agent', problem: 'nobody would be administrator' });
  }
  return problems.length > 0
    ? { type: 'invalid', problems }
    : { type: 'changes', drafts: [...drafts, ...gone] };
}

/** Those in use that are not among `documents`, users before what they use. */
function othersOf(shelves: Shelves, documents: readonly DraftDocument[]): Draft[] {
  const kept = new Set(documents.map(({ kind, id }) => keyOf(kind, id)));
  return [...shelves.documents]
    .filter(([key, document]) => !document.retired && !kept.has(key))
    .map(([, { kind, id, body }]) => ({ kind, id, body, retired: true }))
    .toSorted((one, other) => ORDER.indexOf(other.kind) - ORDER.indexOf(one.kind));
}

function configurationAfter(
  shelves: Shelves,
  documents: readonly DraftDocument[],
  gone: readonly Draft[],
): Configuration {
  const after = new Configuration();
  const revision = 0;
  for (const document of shelves.documents.values()) after.apply(document);
  for (const document of documents) after.apply({ ...document, retired: false, revision });
  for (const draft of gone) after.apply({ ...draft, revision });
  return after;
}

function twiceOf(documents: readonly DraftDocument[]): { path: string; problem: string }[] {
  const seen = new Set<string>();
  return documents.flatMap(({ kind, id }) => {
    const isTwice = seen.has(keyOf(kind, id));
    seen.add(keyOf(kind, id));
    return isTwice ? [{ path: pathOf(kind, id, ''), problem: 'it is there twice' }] : [];
  });
}
