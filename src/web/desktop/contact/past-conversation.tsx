import { Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ConversationId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';

const AUTHORS = { customer: 'Customer', agent: 'Agent', system: 'System' } as const;

/** What was said in an earlier conversation, to read only. */
export function PastConversation({ id }: { id: ConversationId }) {
  const past = useQuery({
    queryKey: ['conversation', id],
    queryFn: () => server.readConversation({ params: { id } }),
  });
  if (past.isPending) return <Loader size="xs" aria-label="Loading" />;
  return (
    <Stack gap={4} ps={24} pb={8}>
      {past.error ? (
        <Text size="xs" c="dimmed">
          {past.error.message}
        </Text>
      ) : (
        past.data.messages.map((message) => (
          <Text key={message.number} size="xs" className="break preserve" dir="auto">
            <Text span inherit c="dimmed">
              {AUTHORS[message.from]}:{' '}
            </Text>
            {message.text}
          </Text>
        ))
      )}
    </Stack>
  );
}
