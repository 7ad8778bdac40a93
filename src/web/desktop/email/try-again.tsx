import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { Email } from '#domain/email/email.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';

/** Sends an e-mail again that could not be sent; nothing for all others. */
export function TryAgain({ email: { id, conversation, delivery } }: { email: Email }) {
  if (delivery?.state !== 'failed') return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={14} />}
      onClick={() => void attempt(server.retrySending({ params: { id: conversation, email: id } }))}
    >
      Try again
    </Button>
  );
}
