import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Storms } from '#ui/email/storms.tsx';
import { server } from '#ui/live/server.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { attempt, tellDone } from '#ui/tell.ts';
import { formatDuration, formatTime, useNow } from '#ui/time.ts';
import { MailboxCheck } from './mailbox-check.tsx';
import { stateNameOf, toneOf, type MailboxHealth } from './mailbox-words.ts';

/** All that is known of how a mailbox fares, and what can be done about it. */
export function MailboxDetails({ health }: { readonly health: MailboxHealth }) {
  const now = useNow();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const { mailbox, problem, lookedAt, next, alarm } = health;
  const look = async (): Promise<void> => {
    setBusy(true);
    if (await attempt(server.lookNow({ params: { id: mailbox } }))) {
      tellDone('It is being looked at.');
      await queries.invalidateQueries({ queryKey: ['mailboxes'] });
    }
    setBusy(false);
  };
  return (
    <Stack>
      <div>
        <Group gap={8} justify="space-between">
          <Group gap={8}>
            <StateDot tone={toneOf(health)} />
            <Text fw={600}>{stateNameOf(health)}</Text>
            {alarm ? (
              <Text size="sm" c="var(--mantine-color-error)">
                Too long without a successful look
              </Text>
            ) : null}
          </Group>
          {health.state === 'off' ? null : (
            <Button size="xs" variant="default" loading={isBusy} onClick={() => void look()}>
              Look now
            </Button>
          )}
        </Group>
        {problem ? (
          <Text size="sm" mt={6} className="break">
            {problem}
          </Text>
        ) : null}
      </div>
      <Storms of={mailbox} />
      <Table className="figures" variant="vertical" layout="fixed" withTableBorder>
        <Table.Tbody>
          <Fact name="Last successful look">
            {lookedAt === undefined
              ? 'None yet'
              : `${formatTime(lookedAt)}, ${formatDuration(now - lookedAt)} ago`}
          </Fact>
          {next !== undefined && next > now ? (
            <Fact name="Tried again in">{formatDuration(next - now)}</Fact>
          ) : null}
          <Fact name="Fetched today">{health.fetchedToday.toLocaleString()}</Fact>
          <Fact name="Still at the server">{health.backlog?.toLocaleString() ?? 'Not known'}</Fact>
          <Fact name="To be sent">{health.unsent.toLocaleString()}</Fact>
          <Fact name="Not sent, in the last 7 days">{health.failed.toLocaleString()}</Fact>
          <Fact name="Unreadable">{health.unreadable.toLocaleString()}</Fact>
          <Fact name="In quarantine">
            {health.quarantined > 0 ? (
              <Anchor href="#/quarantine" size="sm" underline="always">
                {health.quarantined.toLocaleString()}
              </Anchor>
            ) : (
              '0'
            )}
          </Fact>
        </Table.Tbody>
      </Table>
      <MailboxCheck mailbox={mailbox} />
    </Stack>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w={230}>
      {name}
    </Table.Th>
    <Table.Td>{children}</Table.Td>
  </Table.Tr>
);
