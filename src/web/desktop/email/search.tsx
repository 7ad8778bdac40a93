import {
  ActionIcon,
  Box,
  Button,
  Drawer,
  Loader,
  Select,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowLeft, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConversationId } from '#domain/ids.ts';
import type { FoundEmail } from '#servers/desktop-server/api/email.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { formatTime } from '#ui/time.ts';
import classes from './editor.module.css';
import { PastEmails } from './past-emails.tsx';

/** Searches every e-mail there is: words, "phrases", -without, addresses. */
export function Search({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size={760} title="Find e-mails">
      {isOpen ? <Searching /> : null}
    </Drawer>
  );
}

function Searching() {
  const { live } = useLive();
  const [typed, setTyped] = useState('');
  const [mailbox, setMailbox] = useState<string | null>(null);
  const [shown, show] = useState<ConversationId>();
  const [text] = useDebouncedValue(typed.trim(), 250);
  const mailboxes = [...live.configuration.all('mailbox')];
  const answer = useInfiniteQuery({
    queryKey: ['search', text, mailbox],
    queryFn: ({ pageParam }) =>
      server.searchEmails({
        query: { text, limit: 50, ...(mailbox === null ? {} : { mailbox }), ...pageParam },
      }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => next && { beforeAt: next.at, beforeEmail: next.email },
    enabled: text.length > 1,
    placeholderData: keepPreviousData,
  });
  const pages = text.length > 1 ? answer.data?.pages : undefined;
  const found = pages?.flatMap((page) => page.found);

  if (shown) {
    return (
      <Stack gap="sm">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Back to what was found"
          onClick={() => show(undefined)}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <PastEmails id={shown} />
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <TextInput
        aria-label="Words"
        placeholder='Words, "a phrase", -without, an address'
        leftSection={<IconSearch size={16} />}
        rightSection={answer.isFetching ? <Loader size="xs" /> : null}
        value={typed}
        maxLength={500}
        data-autofocus
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {mailboxes.length > 1 ? (
        <Select
          aria-label="Mailbox"
          placeholder="Every mailbox"
          clearable
          data={mailboxes.map(([id, { name }]) => ({ value: id, label: name }))}
          value={mailbox}
          onChange={setMailbox}
        />
      ) : null}
      {answer.error ? <Text c="var(--mantine-color-error)">{answer.error.message}</Text> : null}
      {found?.length === 0 && !answer.hasNextPage ? (
        <Text size="sm" c="dimmed" role="status">
          Nothing was found.
        </Text>
      ) : null}
      {found?.map((each) => (
        <Hit key={each.email} found={each} onOpen={() => show(each.conversation)} />
      ))}
      {found && answer.hasNextPage ? (
        <Button
          variant="default"
          style={{ alignSelf: 'center' }}
          loading={answer.isFetchingNextPage}
          onClick={() => void answer.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </Stack>
  );
}

function Hit({
  found: { subject, customer, at, excerpt },
  onOpen,
}: {
  found: FoundEmail;
  onOpen: () => void;
}) {
  return (
    <UnstyledButton className={classes.hit} onClick={onOpen}>
      <Text size="sm" fw={600} truncate>
        {subject || 'Without a subject'}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {customer} · {formatTime(at)}
      </Text>
      <Box component="p" m={0} mt={2} fz="sm" className="break">
        {excerpt.split(/[«»]/).map((part, n) =>
          // every other part stood between the marks
          n % 2 === 1 ? <mark key={n}>{part}</mark> : part,
        )}
      </Box>
    </UnstyledButton>
  );
}
