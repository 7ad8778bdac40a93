import { Box, Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ConversationId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { formatTime } from '#ui/time.ts';
import type { Note } from './thread.ts';

/** Notes among colleagues; customers never see them. */
export function Notes({
  conversation,
  notes,
  medium = 'messages',
}: {
  conversation: ConversationId;
  notes: readonly Note[];
  /** Which store keeps the conversation. */
  medium?: 'messages' | 'email';
}) {
  const { live } = useLive();
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const add = async (): Promise<void> => {
    setBusy(true);
    const addNote = medium === 'email' ? server.addEmailNote : server.addNote;
    const added = await attempt(
      addNote({
        params: { id: conversation },
        body: { id: crypto.randomUUID(), note: note.trim() },
      }),
    );
    if (added) setNote('');
    setBusy(false);
  };
  return (
    <Box className="fill" p="md">
      <Stack className="grow scroll" gap="sm">
        {notes.length === 0 ? (
          <Text size="sm" c="dimmed">
            No notes yet. Customers never see what is written here.
          </Text>
        ) : null}
        {notes.map(({ agent, note: text, at }) => (
          <Paper key={`${agent}:${at}`} withBorder p="sm">
            <Text size="xs" c="dimmed">
              {live.configuration.nameOf('agent', agent)} · {formatTime(at)}
            </Text>
            <Text size="sm" className="preserve break" dir="auto">
              {text}
            </Text>
          </Paper>
        ))}
      </Stack>
      <Textarea
        aria-label="Note"
        placeholder="Write a note"
        autosize
        minRows={2}
        maxRows={8}
        value={note}
        maxLength={8_000}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Group justify="flex-end" mt={8}>
        <Button
          size="sm"
          variant="default"
          disabled={!note.trim()}
          loading={isBusy}
          onClick={() => void add()}
        >
          Add note
        </Button>
      </Group>
    </Box>
  );
}
