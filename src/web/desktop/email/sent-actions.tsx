import { Button } from '@mantine/core';
import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import type { Draft, Email } from '#domain/email/email.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';
import { useNow } from '#ui/time.ts';

/** What can be done with an e-mail that was sent: taken back while it is held, sent again when it failed. */
export function SentActions({
  email: { id, conversation, delivery },
  onUndone,
}: {
  email: Email;
  onUndone: (draft: Draft) => void;
}) {
  const params = { id: conversation, email: id };
  if (delivery?.state === 'held') {
    const undo = async (): Promise<void> => {
      const draft = await attempt(server.undoSending({ params }));
      if (draft) onUndone(draft);
    };
    return (
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconArrowBackUp size={14} />}
        onClick={() => void undo()}
      >
        Take it back <Left until={delivery.next} />
      </Button>
    );
  }
  if (delivery?.state !== 'failed') return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={14} />}
      onClick={() => void attempt(server.retrySending({ params }))}
    >
      Try again
    </Button>
  );
}

function Left({ until }: { until: number | undefined }) {
  const now = useNow(500);
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1_000));
  return <span className="figures">&nbsp;({left} s)</span>;
}
