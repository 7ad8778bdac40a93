import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Contact } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { ADDRESS_KINDS } from '#ui/contact/address-kinds.ts';
import { ContactForm } from '#ui/contact/contact-form.tsx';
import { bodyOf } from '#ui/contact/body-of.ts';
import { server } from '#ui/live/server.ts';
import { WriteTo } from '../email/write-to.tsx';
import { ContactHistory } from './contact-history.tsx';

/** The customer beside the conversation: what is known of them, and what was before. */
export function ContactPane({ item }: { item: OpenWorkItem }) {
  // A customer may be recognised only after the work item was queued: the conversation then knows it.
  const late = useQuery({
    queryKey: ['contact-of', item.conversation],
    queryFn: () => contactOf(item),
    enabled: item.contact === undefined && item.channel !== 'task',
    refetchInterval: 30_000,
  });
  const contact = item.contact ?? late.data?.contact;
  if (contact) return <KnownContact id={contact} />;
  return (
    <Stack p="md" gap="xs">
      <Title order={2} fz="md">
        Customer
      </Title>
      <Text size="sm" c="dimmed">
        Nothing is known about this customer yet.
      </Text>
    </Stack>
  );
}

/** Whom its store has recognised since. */
async function contactOf({
  channel,
  conversation: id,
}: OpenWorkItem): Promise<{ contact: ContactId | null }> {
  const read = channel === 'email' ? server.readEmails : server.readConversation;
  return { contact: (await read({ params: { id } })).conversation.contact ?? null };
}

function KnownContact({ id }: { id: ContactId }) {
  const [isEditing, editing] = useDisclosure(false);
  const contact = useQuery({
    queryKey: ['contact', id],
    queryFn: () => server.readContact({ params: { id } }),
  });
  if (contact.isPending) return <Loader m="md" size="sm" aria-label="Loading" />;
  if (contact.error) {
    return (
      <Text p="md" size="sm" c="dimmed">
        {contact.error.message}
      </Text>
    );
  }
  return (
    <Stack p="md" gap="lg">
      {isEditing ? (
        <ContactForm
          id={id}
          body={bodyOf(contact.data)}
          revision={contact.data.revision}
          onDone={editing.close}
        />
      ) : (
        <Details contact={contact.data} onEdit={editing.open} />
      )}
      <ContactHistory contact={id} />
    </Stack>
  );
}

function Details({ contact, onEdit }: { contact: Contact; onEdit: () => void }) {
  const fields = Object.entries(contact.fields);
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} fz="md" className="break grow">
          {contact.name}
        </Title>
        <Button
          size="compact-xs"
          variant="subtle"
          flex="none"
          leftSection={<IconPencil size={14} />}
          onClick={onEdit}
        >
          Edit
        </Button>
      </Group>
      {contact.addresses.map(({ kind, value, label }) => (
        <Group key={`${kind}:${value}`} justify="space-between" wrap="nowrap" align="flex-start">
          <div className="grow">
            <Text size="xs" c="dimmed">
              {label || ADDRESS_KINDS[kind]}
            </Text>
            <Text size="sm" className="break">
              {value}
            </Text>
          </div>
          {kind === 'email' ? <WriteTo contact={contact} address={value} /> : null}
        </Group>
      ))}
      {fields.map(([name, value]) => (
        <div key={name}>
          <Text size="xs" c="dimmed">
            {name}
          </Text>
          <Text size="sm" className="break">
            {value}
          </Text>
        </div>
      ))}
      {contact.note ? (
        <Text size="sm" className="preserve break">
          {contact.note}
        </Text>
      ) : null}
    </Stack>
  );
}
