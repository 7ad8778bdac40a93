import { SegmentedControl, Select, Text } from '@mantine/core';
import { useState } from 'react';
import { newId } from '#base/id.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { Choice, Dialog } from '#ui/dialog.tsx';
import { agentChoices } from '#ui/live/agent-choices.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';

/** Hands work to another queue or agent. The customer keeps their place: the age goes with it. */
export function TransferDialog({
  item,
  isOpen,
  onClose,
}: {
  item: OpenWorkItem;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { me, live } = useLive();
  const [kind, setKind] = useState<string>('queue');
  const [target, setTarget] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const { configuration, centre } = live;

  const queues = [...configuration.all('queue')].map(([value, { name }]) => {
    const agents = [...centre.agents.values()].filter((status) => {
      const agent = configuration.get('agent', status.id);
      const serves = configuration.get('queue', value)?.serves;
      return (
        agent && serves && status.readiness.state === 'ready' && doesServe(status.id, agent, serves)
      );
    });
    return { value, label: `${name} — ${agents.length} ready` };
  });
  const agents = agentChoices(live, ({ id }) => id !== me.agent);

  const transfer = (target: string): Promise<unknown> =>
    server.transfer({
      params: { id: item.id },
      body: {
        to: newId(),
        target: kind === 'queue' ? { queue: target } : { agent: target },
        ...(kind === 'agent' && refused ? { ifRefused: { queue: refused } } : {}),
      },
    });

  return (
    <Dialog
      title="Transfer"
      isOpen={isOpen}
      onClose={onClose}
      deed="Transfer"
      act={target ? () => transfer(target) : undefined}
      done="Transferred."
    >
      <SegmentedControl
        value={kind}
        onChange={(value) => {
          setKind(value);
          setTarget(null);
        }}
        aria-label="Where to"
        data={[
          { value: 'queue', label: 'To a queue' },
          { value: 'agent', label: 'To an agent' },
        ]}
      />
      <Choice
        key={kind}
        label={kind === 'queue' ? 'Queue' : 'Agent'}
        data={kind === 'queue' ? queues : agents}
        value={target}
        onChange={setTarget}
        nothingFound={kind === 'queue' ? 'No queue of that name' : 'Nobody else is logged in'}
      />
      {kind === 'agent' ? (
        <Select
          label="If they do not take it"
          placeholder="Back to you"
          data={queues}
          value={refused}
          onChange={setRefused}
          clearable
          clearButtonProps={{ 'aria-label': 'Back to you' }}
          searchable
        />
      ) : null}
      <Text size="sm" c="dimmed">
        The customer keeps the time they have waited.
      </Text>
    </Dialog>
  );
}
