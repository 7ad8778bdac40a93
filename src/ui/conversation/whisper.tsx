import { Box, Button, Group, Kbd, Text, Textarea } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConversationId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';
import classes from './conversation.module.css';

/** Words among those who take part; the customer never sees them. Enter sends, as to the customer. */
export function Whisper({ conversation }: { conversation: ConversationId }) {
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    const note = text.trim();
    if (!note || isBusy) return;
    setBusy(true);
    const body = { id: crypto.randomUUID(), note };
    if (await attempt(server.addNote({ params: { id: conversation }, body }))) setText('');
    setBusy(false);
  };
  return (
    <Box className={classes.composer} data-to="colleagues" p="md">
      <Textarea
        aria-label="Message to colleagues"
        placeholder="Write to your colleagues"
        autosize
        minRows={2}
        maxRows={10}
        maxLength={8_000}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <Group justify="space-between" mt={8}>
        <Text size="xs" c="dimmed">
          <IconLock size={12} aria-hidden="true" /> The customer never sees this.{' '}
          <Kbd size="xs">Enter</Kbd> sends
        </Text>
        <Button
          size="sm"
          variant="default"
          disabled={!text.trim()}
          loading={isBusy}
          onClick={() => void send()}
        >
          Send to colleagues
        </Button>
      </Group>
    </Box>
  );
}
