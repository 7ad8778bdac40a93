import { Box, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ContactId } from '#domain/ids.ts';
import type { HistoryEntry } from '#servers/desktop-server/api/contacts.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { formatTime } from '#ui/time.ts';
import { PastEmails } from '../email/past-emails.tsx';
import { PastConversation } from './past-conversation.tsx';

/** What happened with a contact before, newest first. */
export function ContactHistory({ contact }: { contact: ContactId }) {
  const history = useQuery({
    queryKey: ['contact-history', contact],
    queryFn: () => server.contactHistory({ params: { id: contact } }),
    refetchInterval: 30_000,
  });
  const entries = history.data?.entries ?? [];
  return (
    <Box component="section" aria-label="History">
      <Text size="xs" fw={600} c="dimmed" tt="uppercase" lts={0.4} mb={8}>
        History
      </Text>
      {history.data && entries.length === 0 ? (
        <Text size="sm" c="dimmed">
          This is the first contact.
        </Text>
      ) : null}
      {history.error ? (
        <Text size="sm" c="dimmed">
          {history.error.message}
        </Text>
      ) : null}
      <Stack gap={4}>
        {entries.map((entry) => (
          <Entry key={entry.item} entry={entry} />
        ))}
      </Stack>
    </Box>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { live } = useLive();
  const { configuration } = live;
  const [isOpen, { toggle }] = useDisclosure(false);
  const end = entry.code ? configuration.nameOf('code', entry.code) : (entry.ending ?? 'open');
  return (
    <div>
      <UnstyledButton w="100%" py={6} onClick={toggle} aria-expanded={isOpen}>
        <Group gap={8} wrap="nowrap" align="flex-start">
          <ChannelIcon channel={entry.channel} size={16} />
          <div className="grow">
            <Text size="sm">
              {formatTime(entry.enteredAt)} · {end}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {configuration.nameOf('queue', entry.queue)}
              {entry.agent ? ` · ${configuration.nameOf('agent', entry.agent)}` : ''}
            </Text>
          </div>
        </Group>
      </UnstyledButton>
      {!isOpen || entry.channel === 'task' ? null : entry.channel === 'email' ? (
        <PastEmails id={entry.conversation} />
      ) : (
        <PastConversation id={entry.conversation} />
      )}
    </div>
  );
}
