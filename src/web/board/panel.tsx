import { Group, Paper, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A titled table that says so when it is empty. */
export function Panel({
  title,
  beside,
  empty,
  head,
  children,
}: {
  title: string;
  /** What stands on the other end of the title's line. */
  beside?: ReactNode;
  empty: string;
  head: ReactNode;
  children: ReactNode[];
}) {
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="xs" mih={32}>
        <Title order={2} fz="md">
          {title}
        </Title>
        {beside}
      </Group>
      <Paper withBorder>
        {children.length === 0 ? (
          <Text p="lg" c="dimmed" size="sm">
            {empty}
          </Text>
        ) : (
          <Table.ScrollContainer minWidth={760} type="native">
            <Table className="figures" verticalSpacing={8} horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>{head}</Table.Tr>
              </Table.Thead>
              <Table.Tbody>{children}</Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Paper>
    </section>
  );
}

/** A heading over figures, with what it means behind it. */
export function Figure({ name, meaning }: { name: string; meaning?: string | undefined }) {
  return (
    <Table.Th ta="end" title={meaning}>
      {name}
    </Table.Th>
  );
}
