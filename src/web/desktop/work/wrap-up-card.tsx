import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { formatDuration, useNow } from '#ui/time.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';
import { useLive } from '#ui/live/use-live.ts';

/** Work after a contact: the time it may take, a work code, and the button that ends it. */
export function WrapUpCard({ wrapUp }: { wrapUp: AgentStatus['wrapUps'][number] }) {
  const { live } = useLive();
  const now = useNow();
  const [code, setCode] = useState<string | null>(null);
  const { queue } = wrapUp;
  const codes = [...live.configuration.all('code')].filter(
    ([, { use, queues }]) =>
      use === 'work' && (queues.length === 0 || !queue || queues.includes(queue)),
  );
  const end = () =>
    void attempt(server.endWrapUp({ params: { item: wrapUp.item }, body: code ? { code } : {} }));
  return (
    <Paper withBorder p="sm">
      <Stack gap={8}>
        <Group justify="space-between">
          <Text size="sm" fw={500}>
            Wrap-up
          </Text>
          <Text size="sm" c="dimmed" className="figures">
            {wrapUp.until
              ? `${formatDuration(wrapUp.until - now)} left`
              : formatDuration(now - wrapUp.since)}
          </Text>
        </Group>
        <Select
          size="xs"
          aria-label="Work code"
          placeholder="Work code"
          data={codes.map(([value, { name }]) => ({ value, label: name }))}
          value={code}
          onChange={setCode}
          clearable
        />
        <Button size="xs" variant="default" onClick={end}>
          Done
        </Button>
      </Stack>
    </Paper>
  );
}
