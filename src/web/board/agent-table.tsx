import { ActionIcon, Group, Menu, Table, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { BoardAgent } from '#domain/metrics/board.ts';
import type { Readiness } from '#domain/agent/state.ts';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { channelNotices, readinessName } from '#ui/live/readiness.ts';
import { useLive } from '#ui/live/use-live.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { attempt } from '#ui/tell.ts';
import { formatFigure } from './format-figure.ts';
import { Figure, Panel } from './panel.tsx';

/** Every logged-in agent: what they do, since when, and their figures of today. */
export function AgentTable({ agents }: { agents: readonly BoardAgent[] }) {
  const { live } = useLive();
  const byName = agents.toSorted((a, b) =>
    live.configuration
      .nameOf('agent', a.agent)
      .localeCompare(live.configuration.nameOf('agent', b.agent)),
  );
  return (
    <Panel
      title="Agents"
      empty="Nobody is logged in."
      head={
        <>
          <Table.Th>Agent</Table.Th>
          <Table.Th>State</Table.Th>
          <Figure name="For" />
          <Figure name="Contacts" meaning="Contacts they have now" />
          <Figure name="Answered" meaning="Today" />
          <Figure name="Handle time" meaning="Today, on average" />
          <Table.Th w={48}>
            <Text span fz={0}>
              Actions
            </Text>
          </Table.Th>
        </>
      }
    >
      {byName.map((agent) => (
        <Row key={agent.agent} row={agent} />
      ))}
    </Panel>
  );
}

function Row({ row }: { row: BoardAgent }) {
  const { live } = useLive();
  const tone = !row.present ? 'away' : row.activity === 'wrap-up' ? 'busy' : row.activity;
  return (
    <Table.Tr>
      <Table.Td className="break" fw={500}>
        {live.configuration.nameOf('agent', row.agent)}
      </Table.Td>
      <Table.Td>
        <Group gap={8} wrap="nowrap">
          <StateDot tone={tone} />
          <Text size="sm">
            {stateName(row, readinessName(live.configuration, row.readiness))}
            {row.pending ? (
              <Text span inherit c="dimmed">
                {' '}
                then {readinessName(live.configuration, row.pending)}
              </Text>
            ) : null}
          </Text>
        </Group>
        {channelNotices(live.configuration, row).map(({ channel, why, text }) => (
          <Text key={`${channel} ${why}`} size="xs" c="dimmed">
            {text}
          </Text>
        ))}
      </Table.Td>
      <Table.Td ta="end">
        <Elapsed since={row.since} inherit />
      </Table.Td>
      <Table.Td ta="end">{row.contacts}</Table.Td>
      <Table.Td ta="end">{formatFigure('answered', row.figures.answered)}</Table.Td>
      <Table.Td ta="end">
        {formatFigure('average-handle-time', row.figures['average-handle-time'])}
      </Table.Td>
      <Table.Td>
        <Actions row={row} />
      </Table.Td>
    </Table.Tr>
  );
}

function stateName(row: BoardAgent, readiness: string): string {
  if (!row.present) return 'Browser gone';
  if (row.activity === 'busy') return 'With customers';
  if (row.activity === 'wrap-up') return 'Wrap-up';
  return readiness;
}

function Actions({ row }: { row: BoardAgent }) {
  const { live } = useLive();
  const name = live.configuration.nameOf('agent', row.agent);
  const params = { id: row.agent };
  const set = (readiness: Readiness) =>
    void attempt(server.forceReadiness({ params, body: readiness }));
  const reasons = [...live.configuration.all('code')].filter(([, { use }]) => use === 'not-ready');
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<StateDot tone="ready" />} onClick={() => set({ state: 'ready' })}>
          Set ready
        </Menu.Item>
        {reasons.map(([id, code]) => (
          <Menu.Item
            key={id}
            leftSection={<StateDot tone="not-ready" />}
            onClick={() => set({ state: 'not-ready', reason: id })}
          >
            Not ready: {code.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item color="red" onClick={() => void attempt(server.forceLogOut({ params }))}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
