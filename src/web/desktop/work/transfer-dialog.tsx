import { Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { newId } from '#base/id.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { readinessName } from '#ui/live/readiness.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';

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
  const [isBusy, setBusy] = useState(false);
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
  const agents = [...centre.agents.values()]
    .filter(({ id }) => id !== me.agent)
    .map(({ id, readiness }) => ({
      value: id as string,
      label: `${configuration.nameOf('agent', id)} — ${readinessName(configuration, readiness)}`,
    }));

  const transfer = async (): Promise<void> => {
    if (!target) return;
    setBusy(true);
    const done = await attempt(
      server.transfer({
        params: { id: item.id },
        body: {
          to: newId(),
          target: kind === 'queue' ? { queue: target } : { agent: target },
          ...(kind === 'agent' && refused ? { ifRefused: { queue: refused } } : {}),
        },
      }),
    );
    setBusy(false);
    if (!done) return;
    tellDone('Transferred.');
    onClose();
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title="Transfer" centered>
      <Stack>
        <SegmentedControl
          value={kind}
          onChange={(value) => {
            setKind(value);
            setTarget(null);
          }}
          data={[
            { value: 'queue', label: 'To a queue' },
            { value: 'agent', label: 'To an agent' },
          ]}
        />
        <Select
          key={kind}
          label={kind === 'queue' ? 'Queue' : 'Agent'}
          data={kind === 'queue' ? queues : agents}
          value={target}
          onChange={setTarget}
          searchable
          data-autofocus
          openOnFocus={false}
          nothingFoundMessage={
            kind === 'queue' ? 'No queue of that name' : 'Nobody else is logged in'
          }
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
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!target} loading={isBusy} onClick={() => void transfer()}>
            Transfer
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
