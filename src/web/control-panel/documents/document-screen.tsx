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
import { IconFolder, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
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
import { comparePlaces, newPlaces, partsOf } from './places.ts';
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
    .map((document) => ({ document, place: placeOf(sheet, document) }))
    .toSorted(
      (a, b) =>
        comparePlaces(a.place, b.place) || nameOf(a.document).localeCompare(nameOf(b.document)),
    );

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
    const only = documents[0]?.document;
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
      {sheet.above?.()}
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
          <Table.ScrollContainer minWidth={narrowest(sheet)} type="native">
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
                {documents.map(({ document, place }, at) => (
                  <Fragment key={document.id}>
                    {newPlaces(documents[at - 1]?.place ?? [], place).map((each) => (
                      <PlaceRow
                        key={each.join('/')}
                        place={each}
                        columns={sheet.columns.length + 1}
                      />
                    ))}
                    <Row
                      sheet={sheet}
                      document={document}
                      depth={place.length}
                      onEdit={() => edit(document)}
                    />
                  </Fragment>
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
            taken={new Set(list.data.documents.map(({ id }) => id))}
            onDone={() => edit(undefined)}
          />
        ) : null}
      </Drawer>
    </Stack>
  );
}

function placeOf<K extends DocumentKind>(sheet: Sheet<K>, { body }: StoredDocument): string[] {
  const read = sheet.placeOf ? DOCUMENTS[sheet.kind].safeParse(body) : undefined;
  return read?.success ? partsOf(sheet.placeOf?.(read.data as DocumentBody<K>) ?? '') : [];
}

/** Names of what is further up in the tree stand over what is in it. */
function PlaceRow({ place, columns }: { place: readonly string[]; columns: number }) {
  return (
    <Table.Tr>
      <Table.Th
        colSpan={columns}
        ps={indentOf(place.length - 1)}
        scope="rowgroup"
        className="break"
      >
        <Group gap={6} wrap="nowrap">
          <IconFolder size={16} stroke={1.7} aria-hidden="true" style={{ flex: 'none' }} />
          {place.at(-1)}
        </Group>
      </Table.Th>
    </Table.Tr>
  );
}

/** A narrower window scrolls the table, so that words stay whole. */
const narrowest = ({ columns }: { columns: readonly unknown[] }): number =>
  Math.max(560, 180 * (columns.length + 1));

const indentOf = (depth: number) => `calc(var(--mantine-spacing-md) + ${depth * 22}px)`;

const nameOf = ({ body, id }: StoredDocument): string =>
  typeof body['name'] === 'string' ? body['name'] : id;

function Row<K extends DocumentKind>({
  sheet,
  document,
  depth,
  onEdit,
}: {
  sheet: Sheet<K>;
  document: StoredDocument;
  /** How deep it stands in the tree. */
  depth: number;
  onEdit: () => void;
}) {
  const { live } = useLive();
  const body = DOCUMENTS[sheet.kind].safeParse(document.body);
  return (
    <Table.Tr>
      <Table.Td ps={indentOf(depth)}>
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
          {body.success ? show(body.data as DocumentBody<K>, live.configuration, document.id) : ''}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
