import { Box, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ConversationId } from '#domain/ids.ts';
import { EmailList } from '#ui/email/email-list.tsx';
import { useReading } from '#ui/email/use-reading.ts';
import { server } from '#ui/live/server.ts';

/** An earlier conversation by e-mail, to read only. */
export function PastEmails({ id }: { id: ConversationId }) {
  const past = useQuery({
    queryKey: ['emails', id],
    queryFn: () => server.readEmails({ params: { id } }),
  });
  const emails = past.data?.emails ?? [];
  const lastNumber = emails.at(-1)?.number ?? 0;
  const reading = useReading({ emails, lastNumber, readNumber: lastNumber });
  if (past.isPending) return <Loader size="xs" aria-label="Loading" />;
  if (past.error) {
    return (
      <Text size="xs" c="dimmed">
        {past.error.message}
      </Text>
    );
  }
  return (
    <Box pb={8}>
      <EmailList emails={emails} reading={reading} />
    </Box>
  );
}
