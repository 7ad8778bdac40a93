import { Alert, Box, Container, Loader, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Storms } from '#ui/email/storms.tsx';
import { server } from '#ui/live/server.ts';
import { Shell } from '#ui/live/shell.tsx';
import { useLive } from '#ui/live/use-live.ts';
import { AgentTable } from './agent-table.tsx';
import { HeldBack } from './held-back.tsx';
import { ItemTable } from './item-table.tsx';
import { QueueTable } from './queue-table.tsx';

/** What a supervisor decides by: the queues and agents of this moment and of today, and every open contact. */
export function Board() {
  const { live } = useLive();
  const board = useQuery({ queryKey: ['board'], queryFn: () => server.board(), staleTime: 0 });
  const { refetch } = board;
  useEffect(() => {
    void refetch();
  }, [live.boardVersion, refetch]);

  return (
    <Shell current="/board">
      <Box className="scroll" h="100%" tabIndex={0}>
        <Container size="xl" py="lg">
          <VisuallyHidden component="h1">Board</VisuallyHidden>
          {board.isPending ? <Loader aria-label="Loading" /> : null}
          {board.error && !board.data ? (
            <Alert color="red" title="The figures cannot be read" role="alert">
              {board.error.message}
            </Alert>
          ) : null}
          {board.data ? (
            <Stack gap="xl">
              <Storms />
              <QueueTable queues={board.data.queues} />
              <AgentTable agents={board.data.agents} />
              <ItemTable />
              <HeldBack />
              <Text size="xs" c="dimmed" className="figures">
                Since the beginning: {board.data.balance.entered} in = {board.data.balance.ended}{' '}
                closed + {board.data.balance.open} open
                {board.data.balance.difference === 0
                  ? '. Nothing is lost.'
                  : ` — ${board.data.balance.difference} unaccounted for: see the trace.`}{' '}
                Today is counted from midnight in {board.data.timeZone}.
              </Text>
            </Stack>
          ) : null}
        </Container>
      </Box>
    </Shell>
  );
}
