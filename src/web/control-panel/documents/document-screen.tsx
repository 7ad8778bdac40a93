import {
  Badge,
  Button,
  Drawer,
  Group,
  Loader,
  Paper,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  DOCUMENTS,
  type DocumentBody,
  type DocumentKind,
  type StoredDocument,
} from '#domain/configuration/documents.ts';
import { downloadAddress, server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { FromCsv } from '../from-csv.tsx';
import { DocumentForm } from './document-form.tsx';
import type { Sheet } from './sheet.ts';

/** All documents of one kind: a list to look through, and a form to create and change them. */
export function DocumentScreen<K extends DocumentKind>({ sheet }: { sheet: Sheet<K> }) {
  const { live } = useLive();
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim().toLowerCase(), 150);
  const [withRetired, setWithRetired] = useState(false);
  const [edited, edit] = useState<StoredDocument | 'new'>();
  const list = useQuery({
    // A change made anywhere shows here: the revision rises with it.
    queryKey: ['documents', sheet.kind, withRetired, live.configuration.revision],
    queryFn: () =>
      server.listDocuments({
        params: { kind: sheet.kind },
        query: { retired: withRetired ? 'true' : 'false' },
      }),
    placeholderData: (before) => before,
  });
  const documents = (list.data?.documents ?? [])
    .filter(({ id, body }) => `${String(body['name'])} ${id}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));

  const header = (
    <div>
      <Title order={1} fz="h3">
        {sheet.title}
      </Title>
      <Text size="sm" c="dimmed">
        {sheet.about}
      </Text>
    </div>
  );
  if (list.isPending) return <Loader aria-label="Loading" />;
  if (list.error) return <Text c="var(--mantine-color-error)">{list.error.message}</Text>;
  if (sheet.single !== undefined) {
    const only = documents[0];
    return (
      <Stack>
        {header}
        <Paper withBorder p="lg" maw={560}>
          <DocumentForm key={only?.revision} sheet={sheet} document={only} taken={new Set()} />
        </Paper>
      </Stack>
    );
  }
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        {header}
        <Group gap="xs" wrap="nowrap">
          {sheet.kind === 'agent' ? (
            <>
              <Button
                component="a"
                variant="default"
                href={downloadAddress('exportAgents')}
                download="agents.csv"
              >
                To CSV
              </Button>
              <FromCsv
                title="Agents from CSV"
                take={(csv, dryRun) => server.importAgents({ body: { csv, dryRun } })}
              />
            </>
          ) : null}
          <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
            New {sheet.one}
          </Button>
        </Group>
      </Group>
      <Group justify="space-between">
        <TextInput
          aria-label={`Search ${sheet.title.toLowerCase()}`}
          placeholder="Search"
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Switch
          label="Show retired"
          checked={withRetired}
          onChange={({ currentTarget }) => setWithRetired(currentTarget.checked)}
        />
      </Group>
      <Paper withBorder>
        {documents.length === 0 ? (
          <Text p="lg" size="sm" c="dimmed">
            {wanted ? `Nothing matches "${search.trim()}".` : `There is no ${sheet.one} yet.`}
          </Text>
        ) : (
          <Table.ScrollContainer minWidth={560} type="native">
            <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  {sheet.columns.map(({ name }) => (
                    <Table.Th key={name}>{name}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {documents.map((document) => (
                  <Row
                    key={document.id}
                    sheet={sheet}
                    document={document}
                    onEdit={() => edit(document)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Paper>
      <Drawer
        opened={edited !== undefined}
        onClose={() => edit(undefined)}
        position="right"
        size="lg"
        title={edited === 'new' ? `New ${sheet.one}` : edited ? nameOf(edited) : ''}
      >
        {edited ? (
          <DocumentForm
            key={edited === 'new' ? 'new' : edited.id}
            sheet={sheet}
            document={edited === 'new' ? undefined : edited}
            taken={new Set(documents.map(({ id }) => id))}
            onDone={() => edit(undefined)}
          />
        ) : null}
      </Drawer>
    </Stack>
  );
}

const nameOf = ({ body, id }: StoredDocument): string =>
  typeof body['name'] === 'string' ? body['name'] : id;

function Row<K extends DocumentKind>({
  sheet,
  document,
  onEdit,
}: {
  sheet: Sheet<K>;
  document: StoredDocument;
  onEdit: () => void;
}) {
  const { live } = useLive();
  const body = DOCUMENTS[sheet.kind].safeParse(document.body);
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton onClick={onEdit} className="break">
          <Text size="sm" fw={500} c={document.retired ? 'dimmed' : 'var(--mantine-color-anchor)'}>
            {nameOf(document)}
          </Text>
          <Text size="xs" c="dimmed">
            {document.id}
          </Text>
        </UnstyledButton>
        {document.retired ? (
          <Badge ms="sm" color="gray" variant="light">
            Retired
          </Badge>
        ) : null}
      </Table.Td>
      {sheet.columns.map(({ name, show }) => (
        <Table.Td key={name} className="break">
          {body.success ? show(body.data as DocumentBody<K>, live.configuration) : ''}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
