import {
  Anchor,
  Button,
  Drawer,
  Group,
  Loader,
  Modal,
  Paper,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newId } from '#base/id.ts';
import type { Contact, ContactBody } from '#domain/contact.ts';
import { ContactId } from '#domain/ids.ts';
import { bodyOf } from '#ui/contact/body-of.ts';
import { ContactForm } from '#ui/contact/contact-form.tsx';
import { downloadAddress, server } from '#ui/live/server.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { FromCsv } from '../from-csv.tsx';

const PAGE = 50;
const BLANK: ContactBody = { kind: 'person', name: '', addresses: [], note: '', fields: {} };

interface Edited {
  readonly id: ContactId;
  readonly body: ContactBody;
  readonly revision: number;
}

/** People and organisations: found by name, address or digits; taken in and given out as CSV. */
export function ContactsScreen() {
  const queries = useQueryClient();
  const [search, setSearch] = useState('');
  const [text] = useDebouncedValue(search.trim(), 200);
  const [edited, edit] = useState<Edited>();
  const found = useQuery({
    queryKey: ['contacts', text],
    queryFn: () => server.searchContacts({ query: { text, limit: PAGE } }),
    placeholderData: (before) => before,
  });
  const again = (): void => void queries.invalidateQueries({ queryKey: ['contacts'] });
  const contacts = found.data?.contacts ?? [];
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} fz="h3">
            Contacts
          </Title>
          <Text size="sm" c="dimmed">
            People and organisations. Whoever writes or calls is matched by address.
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <FromCsv
            title="Contacts from CSV"
            take={(csv, dryRun) => server.importContacts({ body: { csv, dryRun } })}
            onDone={again}
          />
          <Button
            leftSection={<IconPlus size={16} />}
            onClick={() => edit({ id: ContactId.parse(newId()), body: BLANK, revision: 0 })}
          >
            New contact
          </Button>
        </Group>
      </Group>
      <Group justify="space-between">
        <TextInput
          w={320}
          aria-label="Search contacts"
          placeholder="Name, address or digits"
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Anchor href={downloadAddress('exportContacts')} download="contacts.csv" size="sm">
          Download all as CSV
        </Anchor>
      </Group>
      {found.isPending ? <Loader aria-label="Loading" /> : null}
      {found.error ? <Text c="var(--mantine-color-error)">{found.error.message}</Text> : null}
      {found.data ? (
        <Paper withBorder>
          {contacts.length === 0 ? (
            <Text p="lg" size="sm" c="dimmed">
              {text
                ? `Nobody matches "${text}".`
                : 'Search for a name, an address or some digits, and whoever matches shows here.'}
            </Text>
          ) : (
            <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Addresses</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {contacts.map((contact) => (
                  <Row
                    key={contact.id}
                    contact={contact}
                    onEdit={() =>
                      edit({ id: contact.id, body: bodyOf(contact), revision: contact.revision })
                    }
                  />
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Paper>
      ) : null}
      {found.data && found.data.total > contacts.length ? (
        <Text size="sm" c="dimmed" className="figures">
          The first {contacts.length} of {found.data.total}. Search to narrow them down.
        </Text>
      ) : null}
      <Drawer
        opened={edited !== undefined}
        onClose={() => edit(undefined)}
        position="right"
        size="md"
        title={edited?.revision === 0 ? 'New contact' : (edited?.body.name ?? '')}
      >
        {edited ? (
          <Stack>
            <ContactForm
              key={edited.id}
              {...edited}
              onDone={() => {
                edit(undefined);
                again();
              }}
            />
            {edited.revision > 0 ? (
              <Erase
                id={edited.id}
                onDone={() => {
                  edit(undefined);
                  again();
                }}
              />
            ) : null}
          </Stack>
        ) : null}
      </Drawer>
    </Stack>
  );
}

function Row({ contact, onEdit }: { contact: Contact; onEdit: () => void }) {
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton onClick={onEdit} className="break">
          <Text size="sm" fw={500} c="var(--mantine-color-anchor)">
            {contact.name}
          </Text>
          {contact.kind === 'organisation' ? (
            <Text size="xs" c="dimmed">
              Organisation
            </Text>
          ) : null}
        </UnstyledButton>
      </Table.Td>
      <Table.Td className="break">
        {contact.addresses.map(({ value }) => value).join(', ')}
      </Table.Td>
    </Table.Tr>
  );
}

/** For the day somebody asks to be forgotten. */
function Erase({ id, onDone }: { id: ContactId; onDone: () => void }) {
  const [isAsking, asking] = useDisclosure(false);
  const erase = async (): Promise<void> => {
    if (!(await attempt(server.eraseContact({ params: { id } })))) return;
    tellDone('Erased.');
    onDone();
  };
  return (
    <>
      <Button variant="subtle" color="red" w="fit-content" onClick={asking.open}>
        Erase this person …
      </Button>
      <Modal opened={isAsking} onClose={asking.close} title="Erase this person" centered>
        <Stack>
          <Text size="sm">
            Name, addresses and what they wrote are gone for good; figures keep counting. It cannot
            be undone.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={asking.close}>
              Cancel
            </Button>
            <Button color="red" onClick={() => void erase()}>
              Erase
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
