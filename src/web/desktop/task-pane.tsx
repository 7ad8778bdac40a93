import { Anchor, Box, Loader, Paper, Stack, Table, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { TaskBody } from '#domain/task.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { ItemHeader } from './work/item-header.tsx';
import { Participants } from './work/participants.tsx';

/** A generic work item: what another program wants done, and the link to where it is done. */
export function TaskPane({ item, onBack }: { item: OpenWorkItem; onBack: () => void }) {
  const task = useQuery({
    queryKey: ['task', item.conversation],
    queryFn: () => server.readTask({ params: { id: item.conversation } }),
  });

  return (
    <Box className="fill">
      <ItemHeader item={item} title={task.data?.title ?? 'Task'} onBack={onBack} />
      <Participants item={item} />
      <Box className="grow scroll" p="md">
        {task.isPending ? <Loader size="sm" aria-label="Loading" /> : null}
        {task.error ? <Text c="var(--mantine-color-error)">{task.error.message}</Text> : null}
        {task.data ? (
          <Stack maw={720}>
            <Content content={task.data} />
            {(task.data.merged ?? []).map((merged) => (
              <Box key={merged.id} component="section" aria-label={`Merged: ${merged.title}`}>
                <Text size="sm" c="dimmed" mb={6}>
                  Merged into it: <b>{merged.title}</b>
                </Text>
                <Content content={merged} />
              </Box>
            ))}
          </Stack>
        ) : null}
      </Box>
    </Box>
  );
}

/** What a program wrote. */
function Content({ content: { text, fields, link } }: { content: TaskBody }) {
  return (
    <Paper withBorder p="lg">
      <Stack>
        {text ? (
          <Text className="preserve break" dir="auto">
            {text}
          </Text>
        ) : null}
        {fields.length > 0 ? (
          <Table>
            <Table.Tbody>
              {fields.map(({ name, value }) => (
                <Table.Tr key={name}>
                  <Table.Th w="30%">{name}</Table.Th>
                  <Table.Td className="break">{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ) : null}
        {link ? (
          <Anchor href={link} target="_blank" rel="noopener noreferrer" className="break">
            Open in the other program <IconExternalLink size={14} aria-hidden="true" />
          </Anchor>
        ) : null}
      </Stack>
    </Paper>
  );
}
