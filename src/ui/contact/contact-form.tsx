import {
  ActionIcon,
  Button,
  Group,
  SegmentedControl,
  Select,
  Stack,
  TextInput,
  Textarea,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { ContactBody } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import { server } from '../live/server.ts';
import { useLive } from '../live/use-live.ts';
import { attempt } from '../tell.ts';
import { ADDRESS_KINDS } from './address-kinds.ts';

const KINDS = Object.entries(ADDRESS_KINDS).map(([value, label]) => ({ value, label }));

export interface ContactFormProps {
  readonly id: ContactId;
  readonly body: ContactBody;
  /** What the form was filled from; 0 for a new contact. */
  readonly revision: number;
  /** Saved, or given up. */
  readonly onDone: () => void;
}

/** Changes what is known of a contact, or makes one; refused when somebody else changed it meanwhile. */
export function ContactForm({ id, body, revision, onDone }: ContactFormProps) {
  const queries = useQueryClient();
  const { live } = useLive();
  const form = useForm({
    initialValues: {
      kind: body.kind,
      name: body.name,
      note: body.note,
      addresses: body.addresses,
      accountOwner: body.accountOwner ?? null,
    },
    validate: { name: (name) => (name.trim() ? null : 'A contact has a name.') },
  });
  const agents = [...live.configuration.all('agent')].map(([value, { name }]) => ({
    value,
    label: name,
  }));
  const save = async ({ accountOwner, ...values }: typeof form.values): Promise<void> => {
    const addresses = values.addresses.filter(({ value }) => value.trim() !== '');
    const { accountOwner: _, ...rest } = body;
    const saved = await attempt(
      server.putContact({
        params: { id },
        query: { expected: String(revision) },
        body: { ...rest, ...values, addresses, ...(accountOwner !== null && { accountOwner }) },
      }),
    );
    if (!saved) return void queries.invalidateQueries({ queryKey: ['contact', id] });
    queries.setQueryData(['contact', id], saved);
    onDone();
  };
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))}>
      <Stack gap="sm">
        {revision === 0 ? (
          <SegmentedControl
            aria-label="Kind of contact"
            data={[
              { value: 'person', label: 'Person' },
              { value: 'organisation', label: 'Organisation' },
            ]}
            {...form.getInputProps('kind')}
          />
        ) : null}
        <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
        {form.values.addresses.map((_, at) => (
          <Group key={at} gap={6} wrap="nowrap">
            <Select
              aria-label="Kind"
              w={92}
              size="xs"
              data={KINDS}
              allowDeselect={false}
              {...form.getInputProps(`addresses.${at}.kind`)}
            />
            <TextInput
              aria-label="Address"
              className="grow"
              size="xs"
              {...form.getInputProps(`addresses.${at}.value`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Remove this address"
              onClick={() => form.removeListItem('addresses', at)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="subtle"
          size="compact-xs"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          onClick={() => form.insertListItem('addresses', { kind: 'email', value: '' })}
        >
          Address
        </Button>
        <Select
          label="Account owner"
          description="Contacts of theirs go to this agent first"
          placeholder="Nobody"
          searchable
          clearable
          data={agents}
          {...form.getInputProps('accountOwner')}
        />
        <Textarea label="Note" autosize minRows={2} maxRows={8} {...form.getInputProps('note')} />
        <Group justify="flex-end" gap={8}>
          <Button size="xs" variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={form.submitting}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
