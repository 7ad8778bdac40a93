import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconStorm } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MailboxId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { formatTime } from '#ui/time.ts';
import { Dialog } from '../dialog.tsx';
import { countOf } from './quarantine-words.ts';
import { useMailboxes } from './use-mailboxes.ts';

/** The mailboxes that far more mail comes to than usual, and what to do about what is held back. */
export function Storms({ of }: { /** Left out: of all mailboxes. */ readonly of?: MailboxId }) {
  const mailboxes = useMailboxes();
  const storms = (mailboxes.data?.mailboxes ?? []).flatMap(({ mailbox, storm }) =>
    storm && (of === undefined || of === mailbox) ? [{ mailbox, ...storm }] : [],
  );
  if (storms.length === 0) return null;
  return (
    <Stack gap="xs">
      {storms.map((storm) => (
        <Storm key={storm.mailbox} {...storm} />
      ))}
    </Stack>
  );
}

function Storm({ mailbox, since, held }: { mailbox: MailboxId; since: number; held: number }) {
  const { live } = useLive();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [isDropping, setDropping] = useState(false);
  const name = live.configuration.nameOf('mailbox', mailbox);
  const judge = async (verdict: 'release' | 'drop'): Promise<void> => {
    const { judged } = await server.judgeQuarantined({
      params: { id: mailbox },
      body: { verdict, mails: 'all' },
    });
    tellDone(`${countOf(judged)} ${verdict === 'release' ? 'released' : 'dropped'}.`);
    await Promise.all(
      ['mailboxes', 'quarantine'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
  };
  const release = async (): Promise<void> => {
    setBusy(true);
    await attempt(judge('release'));
    setBusy(false);
  };
  return (
    <Alert
      color="orange"
      role="alert"
      icon={<IconStorm size={20} aria-hidden="true" />}
      title={`Far more mail than usual comes to ${name}`}
      className="break"
    >
      <Stack gap="xs">
        <Text size="sm">
          Since {formatTime(since)} it waits in quarantine, so that nobody is buried:{' '}
          {countOf(held)} so far. Nothing is lost; it becomes work as soon as you release it.
        </Text>
        <Group gap="xs">
          <Button size="xs" loading={isBusy} onClick={() => void release()}>
            Release all
          </Button>
          <Button size="xs" color="red" variant="light" onClick={() => setDropping(true)}>
            Drop all …
          </Button>
        </Group>
      </Stack>
      <Dialog
        title={`Drop all of ${name}`}
        isOpen={isDropping}
        onClose={() => setDropping(false)}
        deed={`Drop ${countOf(held)}`}
        act={() => judge('drop')}
        isGrave
      >
        <Text size="sm">
          All that waits in this mailbox’s quarantine is dropped: no agent ever sees it. It cannot
          be undone.
        </Text>
      </Dialog>
    </Alert>
  );
}
