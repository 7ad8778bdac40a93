import { Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { BoardQueue } from '#domain/metrics/board.ts';
import type { MetricId } from '#domain/metrics/metric.ts';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { useNow } from '#ui/time.ts';
import { formatFigure, formatWait } from './format-figure.ts';
import { Figure, Panel } from './panel.tsx';

const TODAY: readonly { id: MetricId; short: string }[] = [
  { id: 'offered', short: 'Offered' },
  { id: 'answered', short: 'Answered' },
  { id: 'abandoned', short: 'Abandoned' },
  { id: 'service-level', short: 'Service level' },
  { id: 'average-speed-of-answer', short: 'Speed of answer' },
  { id: 'average-handle-time', short: 'Handle time' },
];

/** Every queue: what waits now, who serves it, and its figures of today, worst first. */
export function QueueTable({ queues }: { queues: readonly BoardQueue[] }) {
  const { live } = useLive();
  const metrics = useQuery({
    queryKey: ['metrics'],
    queryFn: () => server.metrics(),
    staleTime: Infinity,
  });
  const meaning = (id: MetricId) => metrics.data?.metrics.find((m) => m.id === id)?.formula;
  const oldestFirst = queues.toSorted(
    (a, b) =>
      (a.oldestWaitingSince ?? Infinity) - (b.oldestWaitingSince ?? Infinity) ||
      live.configuration
        .nameOf('queue', a.queue)
        .localeCompare(live.configuration.nameOf('queue', b.queue)),
  );
  return (
    <Panel
      title="Queues"
      empty="There is no queue yet. An administrator creates queues in the control panel."
      head={
        <>
          <Table.Th miw={130}>Queue</Table.Th>
          <Figure name="Waiting" meaning="Contacts that wait for an agent now" />
          <Figure name="Oldest" meaning={meaning('oldest-waiting')} />
          <Figure
            name="Expected wait"
            meaning="How long a customer would wait who came in now, at least and at most; a dash where nobody can tell"
          />
          <Figure name="With agents" meaning="Contacts that agents have now" />
          <Table.Th>Agents</Table.Th>
          {TODAY.map(({ id, short }) => (
            <Figure key={id} name={short} meaning={meaning(id)} />
          ))}
        </>
      }
    >
      {oldestFirst.map((queue) => (
        <Row key={queue.queue} row={queue} />
      ))}
    </Panel>
  );
}

function Row({ row }: { row: BoardQueue }) {
  const { live } = useLive();
  const now = useNow();
  const { serviceLevel } = live.configuration.get('queue', row.queue) ?? {};
  const isLate =
    row.oldestWaitingSince !== null &&
    serviceLevel !== undefined &&
    now - row.oldestWaitingSince > serviceLevel.threshold;
  const level = row.figures['service-level'];
  const isBelow =
    typeof level === 'number' && serviceLevel !== undefined && level < serviceLevel.target;
  const { ready, busy, 'wrap-up': wrapUp, 'not-ready': notReady } = row.agents;
  return (
    <Table.Tr>
      <Table.Td className="break" fw={500}>
        {live.configuration.nameOf('queue', row.queue)}
      </Table.Td>
      <Table.Td ta="end" fw={row.waiting > 0 ? 600 : 400}>
        {row.waiting}
      </Table.Td>
      <Table.Td ta="end">
        {row.oldestWaitingSince === null ? (
          '–'
        ) : (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            {isLate ? <StateDot tone="late" /> : null}
            <Elapsed
              since={row.oldestWaitingSince}
              inherit
              {...(isLate ? { c: 'var(--mantine-color-error)', fw: 600 } : {})}
            />
          </Group>
        )}
      </Table.Td>
      <Table.Td ta="end">{formatWait(row.expectedWait)}</Table.Td>
      <Table.Td ta="end">{row.withAgents}</Table.Td>
      <Table.Td>
        <Text size="sm">
          {ready + busy + wrapUp + notReady === 0
            ? 'Nobody'
            : [
                `${ready}\u00A0ready`,
                `${busy + wrapUp}\u00A0busy`,
                ...(notReady > 0 ? [`${notReady}\u00A0not`] : []),
              ].join('\u00A0· ')}
        </Text>
      </Table.Td>
      {TODAY.map(({ id }) => (
        <Table.Td
          key={id}
          ta="end"
          {...(id === 'service-level' && isBelow
            ? { c: 'var(--mantine-color-error)', fw: 600 }
            : {})}
        >
          {formatFigure(id, row.figures[id])}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
