import { Anchor, Button, Group, Loader, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { downloadAddress, server } from '#ui/live/server.ts';
import { formatTime } from '#ui/time.ts';

type Change = Awaited<ReturnType<typeof server.configurationHistory>>['changes'][number];

/** Who changed what and when, newest first; and the whole configuration as a text. */
export function Changes() {
  const changes = useInfiniteQuery({
    queryKey: ['changes'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      server.configurationHistory({
        query: { limit: 50, ...(pageParam === undefined ? {} : { before: pageParam }) },
      }),
    getNextPageParam: ({ changes: page }) =>
      page.length < 50 ? undefined : page.at(-1)?.document.revision,
  });
  const list = changes.data?.pages.flatMap((page) => page.changes) ?? [];
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} fz="h3">
            Changes
          </Title>
          <Text size="sm" c="dimmed">
            Who changed what, newest first.
          </Text>
        </div>
        <Anchor
          href={downloadAddress('exportConfiguration')}
          download="emcee-configuration.txt"
          size="sm"
        >
          Download the configuration
        </Anchor>
      </Group>
      {changes.isPending ? <Loader aria-label="Loading" /> : null}
      {changes.error ? <Text c="var(--mantine-color-error)">{changes.error.message}</Text> : null}
      <Paper withBorder>
        <Table horizontalSpacing="md" className="figures">
          <Table.Tbody>
            {list.map((change) => (
              <Table.Tr key={`${change.document.revision}:${change.document.id}`}>
                <Table.Td w={150}>{formatTime(change.at)}</Table.Td>
                <Table.Td w={160} className="break">
                  {change.by}
                </Table.Td>
                <Table.Td className="break">{sentenceOf(change)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      {changes.hasNextPage ? (
        <Button
          variant="default"
          w="fit-content"
          loading={changes.isFetchingNextPage}
          onClick={() => void changes.fetchNextPage()}
        >
          Earlier changes
        </Button>
      ) : null}
    </Stack>
  );
}

/** What a change did, in words: the fields that differ, by name. */
function sentenceOf({ document, before }: Change): string {
  const what = `${document.kind} "${document.id}"`;
  if (document.retired) return `Retired ${what}.`;
  if (!before) return `Created ${what}.`;
  const fields = Object.keys({ ...before, ...document.body }).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(document.body[field]),
  );
  return fields.length === 0 ? `Brought ${what} back.` : `Changed ${fields.join(', ')} of ${what}.`;
}
