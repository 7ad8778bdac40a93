import { Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { participantOf } from '#domain/work-item/participants.ts';
import { server } from '#ui/live/server.ts';
import { readinessName } from '#ui/live/readiness.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';

const MEANS = {
  consulted: 'They see the conversation and write to you alone; the customer does not notice them.',
  conferee: 'They see the conversation and speak with the customer as you do.',
} as const;
type Role = keyof typeof MEANS;

/** Asks a colleague for advice, or brings them into the conversation. It rings at their desk. */
export function ConsultDialog({
  item,
  isOpen,
  onClose,
}: {
  item: OpenWorkItem;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { me, live } = useLive();
  const [role, setRole] = useState<Role>('consulted');
  const [colleague, setColleague] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const agents = [...live.centre.agents.values()]
    .filter(({ id, present }) => present && id !== me.agent && !participantOf(item, id))
    .map(({ id, readiness }) => ({
      value: id as string,
      label: `${live.configuration.nameOf('agent', id)} — ${readinessName(live.configuration, readiness)}`,
    }));
  const invite = async (): Promise<void> => {
    if (!colleague) return;
    setBusy(true);
    const body = { colleague, role };
    const done = await attempt(server.invite({ params: { id: item.id }, body }));
    setBusy(false);
    if (!done) return;
    tellDone('Asked. It rings at their desk.');
    setColleague(null);
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Consult" centered>
      <Stack>
        <SegmentedControl
          value={role}
          onChange={(value) => setRole(value)}
          aria-label="How they take part"
          data={[
            { value: 'consulted', label: 'Ask for advice' },
            { value: 'conferee', label: 'Conference' },
          ]}
        />
        <Select
          label="Colleague"
          data={agents}
          value={colleague}
          onChange={setColleague}
          searchable
          data-autofocus
          openOnFocus={false}
          nothingFoundMessage="Nobody else is there"
        />
        <Text size="sm" c="dimmed">
          {MEANS[role]}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!colleague} loading={isBusy} onClick={() => void invite()}>
            Ask them
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
