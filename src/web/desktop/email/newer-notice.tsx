import { Button, Group, Text } from '@mantine/core';
import { IconMailDown } from '@tabler/icons-react';

/** That e-mails came while the agent was writing, which they have not opened. */
export function NewerNotice({ count, onLook }: { count: number; onLook: () => void }) {
  if (count === 0) return null;
  return (
    <Group gap={8} role="status">
      <IconMailDown size={16} aria-hidden="true" />
      <Text size="sm">
        {count === 1 ? 'An e-mail has' : `${count} e-mails have`} come while you were writing.
      </Text>
      <Button size="compact-sm" variant="default" onClick={onLook}>
        Look
      </Button>
    </Group>
  );
}
