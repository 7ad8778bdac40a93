import { Loader, Paper, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';

/** Who has a seat, and how many there are. */
export function Seats() {
  const seats = useQuery({
    queryKey: ['seats'],
    queryFn: () => server.seats(),
    refetchInterval: 10_000,
  });
  return (
    <Stack>
      <div>
        <Title order={1} fz="h3">
          Seats
        </Title>
        <Text size="sm" c="dimmed">
          Who works now. A limit only ever stops new logins, never the routing of contacts.
        </Text>
      </div>
      {seats.isPending ? <Loader aria-label="Loading" /> : null}
      {seats.error ? <Text c="var(--mantine-color-error)">{seats.error.message}</Text> : null}
      {(seats.data?.limits ?? []).map(({ name, used, limit }) => (
        <Paper key={name} withBorder p="md">
          <Text size="sm" className="figures">
            {name}: {used} {limit === undefined ? 'in use, without a limit' : `of ${limit} in use`}
          </Text>
          {limit === undefined ? null : (
            <Progress
              mt="xs"
              value={(used / Math.max(1, limit)) * 100}
              aria-label={`${name} in use`}
            />
          )}
        </Paper>
      ))}
      {seats.data ? (
        <Paper withBorder>
          {seats.data.seats.length === 0 ? (
            <Text p="lg" size="sm" c="dimmed">
              Nobody is logged in.
            </Text>
          ) : (
            <Table horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Seat</Table.Th>
                  <Table.Th>Holder</Table.Th>
                  <Table.Th ta="end">For</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {seats.data.seats.map(({ name, holder, since }) => (
                  <Table.Tr key={`${name}:${holder}`}>
                    <Table.Td>{name}</Table.Td>
                    <Table.Td className="break">{holder}</Table.Td>
                    <Table.Td ta="end">
                      <Elapsed since={since} inherit />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Paper>
      ) : null}
    </Stack>
  );
}
