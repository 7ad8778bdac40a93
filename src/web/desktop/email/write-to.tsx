import { ActionIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMailPlus } from '@tabler/icons-react';
import type { Contact } from '#domain/contact.ts';
import { Compose } from './compose.tsx';

/** Begins an e-mail to one of a contact's addresses. */
export function WriteTo({
  contact: { id, name },
  address,
}: {
  contact: Pick<Contact, 'id' | 'name'>;
  address: string;
}) {
  const [isWriting, writing] = useDisclosure(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Write an e-mail to ${address}`}
        onClick={writing.open}
      >
        <IconMailPlus size={18} />
      </ActionIcon>
      <Compose
        addressee={{ contact: id, to: [{ name, address }] }}
        isOpen={isWriting}
        onClose={writing.close}
      />
    </>
  );
}
