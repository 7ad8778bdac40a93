import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { useNow } from '#ui/time.ts';
import classes from './work.module.css';

const ASKS = {
  consulted: 'asks for your advice',
  conferee: 'asks you to join the conversation',
  coach: 'asks you to coach',
  monitor: 'asks you to listen',
} as const;

/** A colleague asks this agent to take part, with the time left to answer. */
export function InvitationCard({
  item,
  participant,
  onJoined,
}: {
  item: OpenWorkItem;
  participant: Participant;
  onJoined: () => void;
}) {
  const { live } = useLive();
  const [isBusy, setBusy] = useState(false);
  const now = useNow(250);
  const { invitation = 0, invitedBy, since, role } = participant;
  const deadline = participant.deadline ?? now;
  const left = Math.max(0, deadline - now);
  const summary = live.summaries.get(item.id);
  const answer = async (given: 'accept' | 'decline'): Promise<void> => {
    setBusy(true);
    const body = { invitation, answer: given };
    const done = await attempt(server.answerInvitation({ params: { id: item.id }, body }));
    if (done && given === 'accept') onJoined();
    setBusy(false);
  };
  return (
    <Paper className={classes.offer} p="sm" withBorder shadow="md">
      <Stack gap={10}>
        <Group gap={8} wrap="nowrap">
          <IconUsers size={18} aria-hidden="true" />
          <Text fw={600} className="grow break" lineClamp={2}>
            {invitedBy ? live.configuration.nameOf('agent', invitedBy) : 'A colleague'} {ASKS[role]}
          </Text>
          <Text size="sm" fw={600} className="figures" aria-hidden="true">
            {Math.ceil(left / 1_000)} s
          </Text>
        </Group>
        <Text size="sm" c="dimmed" lineClamp={2} className="break">
          {summary?.title || 'Customer'} · {live.configuration.nameOf('queue', item.queue)}
        </Text>
        <Progress
          value={(left / Math.max(1, deadline - since)) * 100}
          size={4}
          aria-label="Time left to answer"
        />
        <Group gap={8} wrap="nowrap">
          <Button className="grow" size="sm" loading={isBusy} onClick={() => void answer('accept')}>
            Join
          </Button>
          <Button
            variant="default"
            size="sm"
            disabled={isBusy}
            onClick={() => void answer('decline')}
          >
            Decline
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
