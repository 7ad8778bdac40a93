import { Alert, Button, Divider, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { idFromName } from './document-id.ts';
import { FieldInput } from './field-input.tsx';
import { type Field, valueAt, withValueAt } from './field.ts';
import { Sections } from './sections.tsx';
import type { Sheet } from './sheet.ts';
import { isSet, usualOf } from './usual.ts';

interface Problem {
  readonly path: string;
  readonly problem: string;
}

export interface DocumentFormProps<K extends DocumentKind> {
  readonly sheet: Sheet<K>;
  /** Left out for a new one. */
  readonly document: StoredDocument | undefined;
  /** Ids that are in use. */
  readonly taken: ReadonlySet<string>;
  readonly onDone?: () => void;
}

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
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblems([]);
    setOther(undefined);
    try {
      await server.putDocument({
        params: { kind: sheet.kind, id: document?.id ?? sheet.single ?? idFromName(name, taken) },
        query: { expected: document?.revision ?? 0 },
        body,
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
  const sections = sheet.sections ?? [];
  const paths = [sheet, ...sections].flatMap(({ fields }) => fields.map(({ path }) => path));
  const isBelow = (path: string, above: string): boolean =>
    path === above || path.startsWith(`${above}.`);
  const homeless = problems.filter(({ path }) => !paths.some((above) => isBelow(path, above)));
  const usual = usualOf(sheet.kind);
  const inputOf = (field: Field) => (
    <FieldInput
      key={field.path}
      field={field}
      value={valueAt(body, field.path) ?? valueAt(usual, field.path)}
      problemAt={(above) => problems.find(({ path }) => isBelow(path, above))?.problem}
      onChange={(value) => setBody((before) => withValueAt(before, field.path, value))}
    />
  );

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack>
        {sheet.fields.map(inputOf)}
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
        {document && !document.retired && sheet.extra ? (
          <>
            <Divider />
            {sheet.extra(document.id)}
          </>
        ) : null}
      </Stack>
    </form>
  );
}
