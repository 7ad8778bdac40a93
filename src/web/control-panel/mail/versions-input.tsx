import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Input,
  Stack,
  Tabs,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { unknownFields } from '#domain/email/template-fields.ts';
import { useLive } from '#ui/live/use-live.ts';
import type { ProblemAt } from '../documents/field.ts';
import { languageName } from './languages.ts';
import { RichInput } from './rich-input.tsx';

interface Version {
  readonly language: string;
  readonly subject: string;
  readonly html: string;
}

/** More than this a template cannot have. */
const MOST = 50;

/** The texts of a template, a tab for each language. */
export function VersionsInput({
  label,
  path,
  value,
  problemAt,
  onChange,
}: {
  readonly label: string;
  readonly path: string;
  readonly value: readonly Version[];
  readonly problemAt: ProblemAt;
  readonly onChange: (value: readonly Version[]) => void;
}) {
  const { live } = useLive();
  const [shown, show] = useState(0);
  /** Names editors for as long as they are open, whatever comes before them. */
  const [keys, setKeys] = useState<readonly number[]>(() => value.map((_, at) => at));
  const version = value[shown];
  const set = (change: Partial<Version>): void =>
    onChange(value.map((old, at) => (at === shown ? { ...old, ...change } : old)));
  const add = (): void => {
    onChange([...value, { language: '', subject: value[0]?.subject ?? '', html: '' }]);
    setKeys([...keys, Math.max(-1, ...keys) + 1]);
    show(value.length);
  };
  const remove = (): void => {
    onChange(value.filter((_, at) => at !== shown));
    setKeys(keys.filter((_, at) => at !== shown));
    show(Math.max(0, shown - 1));
  };
  const known = [...live.configuration.all('mail-template').values()].flatMap((template) =>
    template.versions.map(({ language }) => language),
  );
  const centre = live.configuration.get('organisation', 'organisation')?.language ?? 'en';
  const at = (name: string): string | undefined => problemAt(`${path}.${shown}.${name}`);
  const badSubject = version ? unknownFields(version.subject) : [];
  return (
    <Input.Wrapper label={label} labelElement="div" error={ownProblem(path, value, problemAt)}>
      <Tabs
        value={String(shown)}
        onChange={(next) => show(Number(next))}
        keepMounted={false}
        activateTabWithKeyboard={false}
        mt={4}
      >
        <Group gap="xs" wrap="nowrap" align="center">
          <Tabs.List aria-label={label} className="grow">
            {value.map(({ language }, number) => (
              <Tabs.Tab
                key={keys[number]}
                value={String(number)}
                {...(hasProblem(path, number, problemAt) && { c: 'var(--mantine-color-error)' })}
              >
                {language === '' ? 'New language' : languageName(language)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {value.length < MOST ? (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              onClick={add}
            >
              Add a language
            </Button>
          ) : null}
        </Group>
        {value.map((_, number) => (
          <Tabs.Panel key={keys[number]} value={String(number)} pt="sm">
            {version ? (
              <Stack gap="sm">
                <Group gap="xs" align="flex-start" wrap="nowrap">
                  <Autocomplete
                    label="Language"
                    description="As de, en or pt-BR."
                    className="grow"
                    required
                    data={[...new Set([centre, ...known])].filter(Boolean)}
                    value={version.language}
                    error={at('language')}
                    onChange={(language) => set({ language: language.trim() })}
                  />
                  {value.length > 1 ? (
                    <ActionIcon
                      size={36}
                      mt={44}
                      variant="subtle"
                      color="gray"
                      aria-label={`Remove ${languageName(version.language) || 'this language'}`}
                      onClick={remove}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  ) : null}
                </Group>
                <TextInput
                  label="Subject"
                  description="Of a new e-mail and of an automatic one. Left empty: as it is."
                  maxLength={400}
                  value={version.subject}
                  error={
                    at('subject') ??
                    (badSubject.length > 0 ? `There is no field {{${badSubject[0]}}}.` : undefined)
                  }
                  onChange={({ currentTarget }) => set({ subject: currentTarget.value })}
                />
                <RichInput
                  key={keys[number]}
                  label="Text"
                  value={version.html}
                  error={at('html')}
                  onChange={(html) => set({ html })}
                />
              </Stack>
            ) : null}
          </Tabs.Panel>
        ))}
      </Tabs>
      {value.length > 1 ? (
        <Text size="xs" c="dimmed" mt={6}>
          Each customer gets the version in their language; where it is not there,{' '}
          {languageName(value[0]?.language ?? '') || 'the first'}.
        </Text>
      ) : null}
    </Input.Wrapper>
  );
}

const PARTS = ['language', 'subject', 'html'] as const;

const hasProblem = (path: string, at: number, problemAt: ProblemAt): boolean =>
  PARTS.some((part) => problemAt(`${path}.${at}.${part}`) !== undefined);

/** What is wrong with the versions as such, or in one that is not shown: its tab says which. */
function ownProblem(
  path: string,
  versions: readonly Version[],
  problemAt: ProblemAt,
): string | undefined {
  return versions.some((_, at) => hasProblem(path, at, problemAt)) ? undefined : problemAt(path);
}
