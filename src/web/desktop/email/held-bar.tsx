import { Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { Draft, Email } from '#domain/email/email.ts';
import { formatAddress } from '#ui/email/email-card.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { useNow } from '#ui/time.ts';
import classes from './editor.module.css';

/** The reader's own e-mails that have not left yet: always in sight, as they can be taken back for a moment only. */
export function HeldBar({
  emails,
  onUndone,
}: {
  emails: readonly Email[];
  onUndone: (draft: Draft, email: Email) => void;
}) {
  const { me } = useLive();
  const held = emails.filter(
    ({ agent, delivery }) => agent === me.agent && delivery?.state === 'held',
  );
  if (held.length === 0) return null;
  return (
    <Stack gap={0} className={classes.held} role="status">
      {held.map((email) => (
        <Held key={email.id} email={email} onUndone={(draft) => onUndone(draft, email)} />
      ))}
    </Stack>
  );
}

function Held({ email, onUndone }: { email: Email; onUndone: (draft: Draft) => void }) {
  const { id, conversation, to, delivery } = email;
  const [isBusy, setBusy] = useState(false);
  const undo = async (): Promise<void> => {
    setBusy(true);
    const draft = await attempt(server.undoSending({ params: { id: conversation, email: id } }));
    setBusy(false);
    if (draft) onUndone(draft);
  };
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap" px="sm" py={8}>
      <Text size="sm" truncate>
        Leaves in a moment: your e-mail to {to[0] ? formatAddress(to[0]) : 'nobody'}
      </Text>
      <Button
        size="compact-sm"
        variant="default"
        className="whole"
        loading={isBusy}
        leftSection={<IconArrowBackUp size={14} />}
        onClick={() => void undo()}
      >
        Take it back <Left until={delivery?.next} />
      </Button>
    </Group>
  );
}

function Left({ until }: { until: number | undefined }) {
  const now = useNow(500);
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1_000));
  return (
    // The clock of a bar that is read aloud would never fall silent.
    <span className="figures" aria-live="off">
      &nbsp;({left} s)
    </span>
  );
}
