import { Group, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { AgentId } from '#domain/ids.ts';
import { useLive } from '#ui/live/use-live.ts';

/** That somebody else is writing an answer: two answers to one question look careless. */
export function Answering({ writers }: { writers: readonly AgentId[] }) {
  const { live } = useLive();
  if (writers.length === 0) return null;
  const names = writers.map((writer) => live.configuration.nameOf('agent', writer));
  return (
    <Group gap={8} role="status">
      <IconPencil size={16} aria-hidden="true" />
      <Text size="sm">
        <b>{names.join(' and ')}</b> {names.length === 1 ? 'is' : 'are'} writing an answer.
      </Text>
    </Group>
  );
}
