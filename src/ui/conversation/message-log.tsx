import { Anchor, Box, Group, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Conversation, Message } from '#domain/message.ts';
import { formatTime } from '#ui/time.ts';
import { useLive } from '#ui/live/use-live.ts';
import classes from './conversation.module.css';
import { splitLinks } from './links.ts';
import { saidIn, type Note, type Outgoing, type Thread } from './thread.ts';

/** Near enough to the end to be reading along: new messages then scroll into view. */
const NEAR_END = 120;

/** Everything that was said, newest at the bottom; it stays there unless the agent has scrolled up. */
export function MessageLog({
  thread,
  onRetry,
}: {
  thread: Thread;
  onRetry: (text: string, id: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { messages, notes, outgoing, isCustomerTyping, conversation } = thread;
  useEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [messages.length, notes.length, outgoing.length, isCustomerTyping]);

  return (
    <Box
      ref={box}
      className="grow scroll"
      p="md"
      role="log"
      aria-label="Messages"
      tabIndex={0}
      onScroll={({ currentTarget: b }) => {
        isAtEnd.current = b.scrollHeight - b.scrollTop - b.clientHeight < NEAR_END;
      }}
    >
      <Stack gap={6}>
        {saidIn(messages, notes).map((said) =>
          said.type === 'note' ? (
            <Whispered key={`${said.note.agent} ${said.note.at}`} note={said.note} />
          ) : (
            <Bubble key={said.message.number} message={said.message} conversation={conversation} />
          ),
        )}
        {outgoing.map((message) => (
          <Unsent
            key={message.id}
            message={message}
            onRetry={() => onRetry(message.text, message.id)}
          />
        ))}
        <Text size="sm" c="dimmed" role="status" mih={20}>
          {isCustomerTyping ? `${conversation?.customerName || 'The customer'} is typing …` : ''}
        </Text>
      </Stack>
    </Box>
  );
}

/** Words among colleagues, marked so that nobody takes them for something the customer sees. */
function Whispered({ note: { agent, note, at } }: { note: Note }) {
  const { live } = useLive();
  return (
    <Box className={classes.bubble} data-from="agent" data-state="internal">
      <Text size="xs" c="dimmed" mb={2}>
        <IconLock size={12} aria-hidden="true" /> {live.configuration.nameOf('agent', agent)} ·{' '}
        {formatTime(at)} · Only colleagues see this
      </Text>
      <Text size="sm" className="break preserve" dir="auto">
        {withLinks(note)}
      </Text>
    </Box>
  );
}

function Bubble({
  message,
  conversation,
}: {
  message: Message;
  conversation: Conversation | undefined;
}) {
  const { live } = useLive();
  if (message.from === 'system') {
    return (
      <Text size="sm" c="dimmed" ta="center" py={4}>
        {message.text}
      </Text>
    );
  }
  const isAgent = message.from === 'agent';
  const author = isAgent
    ? message.agent
      ? live.configuration.nameOf('agent', message.agent)
      : 'Agent'
    : conversation?.customerName || 'Customer';
  return (
    <Box className={classes.bubble} data-from={message.from}>
      <Text size="xs" c="dimmed" mb={2}>
        {author} · {formatTime(message.at)}
        {isAgent ? <Progress message={message} conversation={conversation} /> : null}
      </Text>
      <Text size="sm" className="break preserve" dir="auto">
        {withLinks(message.text)}
      </Text>
    </Box>
  );
}

function Progress({
  message,
  conversation,
}: {
  message: Message;
  conversation: Conversation | undefined;
}) {
  const marks = conversation?.marks;
  if (!marks) return null;
  if (message.number <= marks.customerRead) return <> · Read</>;
  if (message.number <= marks.customerDelivered) return <> · Delivered</>;
  return <> · Sent</>;
}

function Unsent({ message, onRetry }: { message: Outgoing; onRetry: () => void }) {
  return (
    <Box className={classes.bubble} data-from="agent" data-state={message.state}>
      <Text size="sm" className="break preserve" dir="auto">
        {message.text}
      </Text>
      {message.state === 'sending' ? (
        <Text size="xs" c="dimmed" mt={2}>
          Sending …
        </Text>
      ) : (
        <Group gap={8} mt={2} role="alert">
          <Text size="xs" c="var(--mantine-color-error)">
            {message.problem}
          </Text>
          <Anchor component="button" size="xs" onClick={onRetry}>
            Send again
          </Anchor>
        </Group>
      )}
    </Box>
  );
}

/** Web addresses become links; everything else stays text, whatever it looks like. */
function withLinks(text: string): ReactNode[] {
  return splitLinks(text).map((part, at) =>
    part.isLink ? (
      <Anchor
        key={at}
        href={part.text}
        target="_blank"
        rel="noopener noreferrer nofollow"
        underline="always"
        inherit
      >
        {part.text}
      </Anchor>
    ) : (
      part.text
    ),
  );
}
