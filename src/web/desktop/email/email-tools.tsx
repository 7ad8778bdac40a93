import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMailPlus, IconMailSearch } from '@tabler/icons-react';
import { useLive } from '#ui/live/use-live.ts';
import { Compose } from './compose.tsx';
import { Search } from './search.tsx';

/** Writing a new e-mail and finding an old one; nothing where the centre has no mailbox. */
export function EmailTools() {
  const { live } = useLive();
  const [isWriting, writing] = useDisclosure(false);
  const [isSearching, searching] = useDisclosure(false);
  if (live.configuration.all('mailbox').size === 0) return null;
  return (
    <>
      <Group gap={4}>
        <Tooltip label="Write an e-mail">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Write an e-mail"
            onClick={writing.open}
          >
            <IconMailPlus size={20} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Find e-mails">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Find e-mails"
            onClick={searching.open}
          >
            <IconMailSearch size={20} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Compose addressee={undefined} isOpen={isWriting} onClose={writing.close} />
      <Search isOpen={isSearching} onClose={searching.close} />
    </>
  );
}
