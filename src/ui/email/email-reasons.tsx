import { Button, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Email } from '#domain/email/email.ts';
import { server } from '#ui/live/server.ts';

/** Why an e-mail that came in is in this conversation and went where it went, for who asks. */
export function EmailReasons({ email }: { email: Pick<Email, 'id' | 'conversation'> }) {
  const [isOpen, setIsOpen] = useState(false);
  const asks = useQuery({
    queryKey: ['email-reasons', email.id],
    queryFn: () => server.whyEmail({ params: { id: email.conversation, email: email.id } }),
    enabled: isOpen,
    staleTime: Infinity,
  });
  const reasons = asks.data?.reasons;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-xs"
        color="gray"
        mt="xs"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        Why here?
      </Button>
      {isOpen && reasons ? (
        reasons.length === 0 ? (
          <Text size="xs" c="dimmed">
            Nothing is known of it any more.
          </Text>
        ) : (
          <List size="xs" c="dimmed" className="break">
            {reasons.map((reason) => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
          </List>
        )
      ) : null}
      {isOpen && asks.isError ? (
        <Text size="xs" c="dimmed">
          It could not be asked. Try again in a moment.
        </Text>
      ) : null}
    </>
  );
}
