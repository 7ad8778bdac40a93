import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';

/** Makes one of two matters that are the same: this one ends, and the other goes on with the content of both. */
export function MergeDialog({
  item,
  isOpen,
  onClose,
}: {
  item: OpenWorkItem;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { me, live } = useLive();
  const queries = useQueryClient();
  const [into, setInto] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const others = [...live.centre.items.values()]
    .filter((other) => other.id !== item.id && fits(item, other, me.agent))
    .map(({ id, queue, agent }) => {
      const title = live.summaries.get(id)?.title || 'Task';
      const where = agent === me.agent ? 'with you' : live.configuration.nameOf('queue', queue);
      return { value: id, label: `${title} — ${where}` };
    });
  const merge = async (): Promise<void> => {
    if (!into) return;
    setBusy(true);
    const done = await attempt(server.merge({ params: { id: item.id }, body: { into } }));
    setBusy(false);
    if (!done) return;
    void queries.invalidateQueries({ queryKey: ['task'] }); // the other holds more now
    tellDone('Merged.');
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Merge" centered>
      <Stack>
        <Select
          label="Into"
          data={others}
          value={into}
          onChange={setInto}
          searchable
          data-autofocus
          openOnFocus={false}
          nothingFoundMessage="Nothing else of this customer is open"
        />
        <Text size="sm" c="dimmed">
          This one ends, with its follow-up date. The other goes on and shows what both hold.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!into} loading={isBusy} onClick={() => void merge()}>
            Merge
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Of one channel and of nobody else's: the server has the last word. */
function fits(
  { channel, contact }: OpenWorkItem,
  other: OpenWorkItem,
  me: OpenWorkItem['agent'],
): boolean {
  const isFree = other.state === 'queued' || other.state === 'parked';
  const isSame = !contact || !other.contact || contact === other.contact;
  const isMine = other.agent === me && other.segment !== undefined;
  return other.channel === channel && isSame && (isFree || isMine);
}
