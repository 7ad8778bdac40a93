import { Drawer, Group, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { MailboxId } from '#domain/ids.ts';
import { useMailboxes } from '#ui/email/use-mailboxes.ts';
import { useLive } from '#ui/live/use-live.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { MailboxDetails } from './mailbox-details.tsx';
import { figuresOf, stateNameOf, toneOf, type MailboxHealth } from './mailbox-words.ts';

const useHealth = (id: string): MailboxHealth | undefined =>
  useMailboxes().data?.mailboxes.find(({ mailbox }) => mailbox === id);

/** How a mailbox fares, in its row; behind it all there is to know, and what can be done. */
export function MailboxState({ id }: { readonly id: string }) {
  const { live } = useLive();
  const { error } = useMailboxes();
  const health = useHealth(id);
  const [isOpen, setOpen] = useState(false);
  if (!health) {
    return (
      <Text size="sm" c="dimmed" miw={130}>
        {error ? 'Not known' : 'Looking …'}
      </Text>
    );
  }
  const name = live.configuration.nameOf('mailbox', id as MailboxId);
  return (
    <>
      <UnstyledButton miw={130} onClick={() => setOpen(true)}>
        <Group gap={8} wrap="nowrap">
          <StateDot tone={toneOf(health)} />
          <Text span size="sm" td="underline" fw={health.alarm ? 600 : 400}>
            {stateNameOf(health)}
            <VisuallyHidden>: more about {name}</VisuallyHidden>
          </Text>
        </Group>
      </UnstyledButton>
      {health.problem ? (
        <Text size="xs" c="dimmed" lineClamp={2} maw={280}>
          {health.problem}
        </Text>
      ) : null}
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        size="lg"
        title={`How ${name} fares`}
      >
        <MailboxDetails health={health} />
      </Drawer>
    </>
  );
}

/** What came in and goes out, as far as there is anything to say. */
export function MailboxFigures({ id }: { readonly id: string }) {
  const health = useHealth(id);
  return (
    <Text size="sm" className="figures" miw={130}>
      {health ? figuresOf(health).join(' · ') : ''}
    </Text>
  );
}
