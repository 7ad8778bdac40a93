import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { Choice, Dialog } from '#ui/dialog.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';

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
  const others = [...live.centre.items.values()]
    .filter((other) => other.id !== item.id && fits(item, other, me.agent))
    .map(({ id, queue, agent }) => {
      const title = live.summaries.get(id)?.title || 'Task';
      const where = agent === me.agent ? 'with you' : live.configuration.nameOf('queue', queue);
      return { value: id, label: `${title} — ${where}` };
    });
  const merge = async (into: string): Promise<void> => {
    await server.merge({ params: { id: item.id }, body: { into } });
    void queries.invalidateQueries({ queryKey: ['task'] }); // the other holds more now
  };
  return (
    <Dialog
      title="Merge"
      isOpen={isOpen}
      onClose={onClose}
      deed="Merge"
      act={into ? () => merge(into) : undefined}
      done="Merged."
    >
      <Choice
        label="Into"
        data={others}
        value={into}
        onChange={setInto}
        nothingFound="Nothing else of this customer is open"
      />
      <Text size="sm" c="dimmed">
        This one ends, with its follow-up date. The other goes on and shows what both hold.
      </Text>
    </Dialog>
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
