import { Alert, Button, Divider, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import type { Problem } from '#domain/configuration/problem.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { idFromName } from './document-id.ts';
import { FieldInput } from './field-input.tsx';
import { type Field, valueAt, withValueAt } from './field.ts';
import { Sections } from './sections.tsx';
import type { Beside, FormParts, Sheet } from './sheet.ts';
import { isSet, usualOf } from './usual.ts';

export interface DocumentFormProps<K extends DocumentKind> {
  readonly sheet: Sheet<K>;
  /** Left out for a new one. */
  readonly document: StoredDocument | undefined;
  /** Ids that are in use. */
  readonly taken: ReadonlySet<string>;
  readonly onDone?: () => void;
}

/** Of one name; nobody has more by chance. */
const MOST_RETIRED = 20;

/** Creates or changes one document; what the server finds wrong is shown at its field. */
export function DocumentForm<K extends DocumentKind>({
  sheet,
  document,
  taken,
  onDone,
}: DocumentFormProps<K>) {
  const { live } = useLive();
  const queries = useQueryClient();
  const [body, setBody] = useState(() => document?.body ?? sheet.blank(live.configuration));
  const [beside, setBeside] = useState<Beside>(() =>
    document ? {} : (sheet.blankBeside?.(live.configuration) ?? {}),
  );
  /** It stays open where something beside the document could not be kept. */
  const [stored, setStored] = useState(document);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [other, setOther] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const name = typeof body['name'] === 'string' ? body['name'] : '';

  /** Lists read anew: not every kind is announced to all who are signed in. */
  const finish = (text: string): void => {
    void queries.invalidateQueries({ queryKey: ['documents', sheet.kind] });
    tellDone(text);
    onDone?.();
  };
  /** What is new and has a name that was in use before gets an id of its own: what is retired keeps its own. */
  const put = async (): Promise<StoredDocument> => {
    const refused = new Set(taken);
    for (;;) {
      const id = stored?.id ?? sheet.single ?? idFromName(name, refused);
      try {
        return await server.putDocument({
          params: { kind: sheet.kind, id },
          query: { expected: stored?.revision ?? 0 },
          body,
        });
      } catch (failure) {
        const isTaken = failure instanceof ApiFailure && failure.code === 'conflict';
        const isNew = !stored && sheet.single === undefined;
        if (!isTaken || !isNew || refused.size > taken.size + MOST_RETIRED) throw failure;
        refused.add(id);
      }
    }
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblems([]);
    setOther(undefined);
    try {
      const saved = await put();
      setStored(saved);
      await sheet.afterSave?.({
        id: saved.id,
        body,
        beside,
        configuration: live.configuration,
      });
      finish('Saved.');
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) setOther('Saving did not work.');
      else if (failure.code === 'invalid')
        setProblems((failure.data as { problems: Problem[] }).problems);
      else if (failure.code === 'conflict')
        setOther(
          'Somebody else has changed this meanwhile. Close the form and open it again to see how it is now.',
        );
      else setOther(failure.message);
    } finally {
      setBusy(false);
    }
  };
  const retire = async (retired: boolean): Promise<void> => {
    if (!document) return;
    const done = await attempt(
      server.retireDocument({ params: { kind: sheet.kind, id: document.id }, body: { retired } }),
    );
    if (done) finish(retired ? 'Retired.' : 'In use again.');
  };
  const shown = (fields: readonly Field[]) => fields.filter(({ when }) => when?.(body) ?? true);
  const fields = shown(sheet.fields);
  const sections = (sheet.sections ?? [])
    .map((section) => ({ ...section, fields: shown(section.fields) }))
    .filter((section) => section.fields.length > 0);
  const paths = [
    ...[{ fields }, ...sections].flatMap((group) => group.fields.map(({ path }) => path)),
    ...(sheet.inputPaths ?? []),
  ];
  const isBelow = (path: string, above: string): boolean =>
    path === above || path.startsWith(`${above}.`);
  /** What is missing is said to be missing, whatever a rule for texts makes of nothing. */
  const problemAt = (above: string): string | undefined => {
    const found = problems.find(({ path }) => isBelow(path, above));
    const value = found && (valueAt(body, found.path) ?? '');
    return found && value === '' ? 'This is missing.' : found?.problem;
  };
  const change = (path: string, value: unknown): void =>
    setBody((before) => {
      const after = withValueAt(before, path, value);
      return sheet.follow?.(before, after) ?? after;
    });
  const parts: FormParts = {
    id: stored?.id,
    body,
    problemAt,
    change,
    beside,
    setBeside: (name, value) =>
      setBeside((before) => {
        const { [name]: _, ...others } = before;
        return value ? { ...others, [name]: value } : others;
      }),
    setProblems,
  };
  const homeless = problems.filter(({ path }) => !paths.some((above) => isBelow(path, above)));
  const usual = { ...usualOf(sheet.kind), ...sheet.usual };
  const inputOf = (field: Field) => (
    <FieldInput
      key={field.path}
      field={field}
      value={valueAt(body, field.path) ?? valueAt(usual, field.path)}
      problemAt={problemAt}
      onChange={(value) => change(field.path, value)}
    />
  );

  const extra = document && !document.retired && sheet.extra?.(document.id, body);

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack>
        {fields.map(inputOf)}
        {sheet.inputs?.(parts)}
        <Sections
          sections={sections}
          countSet={({ fields }) => fields.filter(({ path }) => isSet(body, usual, path)).length}
          hasProblem={({ fields }) =>
            problems.some((each) => fields.some(({ path }) => isBelow(each.path, path)))
          }
          inputOf={inputOf}
          order={sheet.single === undefined ? 3 : 2}
        />
        {[other, ...homeless.map(({ problem }) => problem)].filter(Boolean).map((text) => (
          <Alert key={text} color="red" role="alert">
            {text}
          </Alert>
        ))}
        <Group justify="space-between">
          {document && sheet.single === undefined ? (
            <Button
              variant="subtle"
              color={document.retired ? 'teal' : 'red'}
              onClick={() => void retire(!document.retired)}
            >
              {document.retired ? 'Use again' : 'Retire'}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={isBusy}>
            Save
          </Button>
        </Group>
        {extra ? (
          <>
            <Divider />
            {extra}
          </>
        ) : null}
      </Stack>
    </form>
  );
}
