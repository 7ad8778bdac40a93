import { SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { participantOf } from '#domain/work-item/participants.ts';
import { Choice, Dialog } from '#ui/dialog.tsx';
import { agentChoices } from '#ui/live/agent-choices.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';

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
  const agents = agentChoices(
    live,
    ({ id, present }) => present && id !== me.agent && !participantOf(item, id),
  );
  const invite = async (colleague: string): Promise<void> => {
    await server.invite({ params: { id: item.id }, body: { colleague, role } });
    setColleague(null);
  };
  return (
    <Dialog
      title="Consult"
      isOpen={isOpen}
      onClose={onClose}
      deed="Ask them"
      act={colleague ? () => invite(colleague) : undefined}
      done="Asked. It rings at their desk."
    >
      <SegmentedControl
        value={role}
        onChange={(value) => setRole(value)}
        aria-label="How they take part"
        data={[
          { value: 'consulted', label: 'Ask for advice' },
          { value: 'conferee', label: 'Conference' },
        ]}
      />
      <Choice
        label="Colleague"
        data={agents}
        value={colleague}
        onChange={setColleague}
        nothingFound="Nobody else is there"
      />
      <Text size="sm" c="dimmed">
        {MEANS[role]}
      </Text>
    </Dialog>
  );
}
