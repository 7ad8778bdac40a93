import { Anchor, Box, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Conversation, Message } from '#domain/message.ts';
import { formatTime } from '#ui/time.ts';
import { useLive } from '#ui/live/use-live.ts';
import classes from './conversation.module.css';
import { splitLinks } from './links.ts';
import type { Outgoing, Thread } from './thread.ts';

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
  const { messages, outgoing, isCustomerTyping, conversation } = thread;
  useEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [messages.length, outgoing.length, isCustomerTyping]);

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
        {messages.map((message) => (
          <Bubble key={message.number} message={message} conversation={conversation} />
        ))}
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
