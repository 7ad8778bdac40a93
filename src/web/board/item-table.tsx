import { Group, SegmentedControl, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { Elapsed } from '#ui/elapsed.tsx';
import { useLive } from '#ui/live/use-live.ts';
import { ItemActions } from './item-actions.tsx';
import { Panel } from './panel.tsx';

/** Rows drawn at once; a longer list is narrowed by its state. */
const MOST_ROWS = 200;

const STATES = {
  queued: 'Waiting',
  offered: 'Being offered',
  accepted: 'With',
  parked: 'Set aside',
  'awaiting-customer': 'Awaiting the customer of',
  closed: 'Closed',
  transferred: 'Transferred',
  merged: 'Merged',
} as const;

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'held', label: 'With agents' },
  { value: 'parked', label: 'Set aside' },
];

const isShown = (filter: string, { state }: OpenWorkItem): boolean =>
  filter === 'all' ||
  (filter === 'parked' && state === 'parked') ||
  (filter === 'waiting' && (state === 'queued' || state === 'offered')) ||
  (filter === 'held' && (state === 'accepted' || state === 'awaiting-customer'));

/** Every open contact, the one that has waited longest first, and what can be done with it. */
export function ItemTable() {
  const { live } = useLive();
  const [filter, setFilter] = useState('all');
  const items = [...live.centre.items.values()]
    .filter((item) => isShown(filter, item))
    .toSorted((a, b) => a.enteredAt - b.enteredAt);
  return (
    <>
      <Panel
        title="Contacts"
        beside={
          <SegmentedControl
            size="xs"
            value={filter}
            onChange={setFilter}
            data={FILTERS}
            aria-label="Which contacts"
          />
        }
        empty={filter === 'all' ? 'No contact is open.' : 'None.'}
        head={
          <>
            <Table.Th>Contact</Table.Th>
            <Table.Th>Queue</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="end">For</Table.Th>
            <Table.Th ta="end">Age</Table.Th>
            <Table.Th w={48}>
              <Text span fz={0}>
                Actions
              </Text>
            </Table.Th>
          </>
        }
      >
        {items.slice(0, MOST_ROWS).map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </Panel>
      {items.length > MOST_ROWS ? (
        <Text size="sm" c="dimmed">
          The oldest {MOST_ROWS} of {items.length} are shown.
        </Text>
      ) : null}
    </>
  );
}

function Row({ item }: { item: OpenWorkItem }) {
  const { live } = useLive();
  const summary = live.summaries.get(item.id);
  const agent =
    item.agent && item.state !== 'parked' ? live.configuration.nameOf('agent', item.agent) : '';
  return (
    <Table.Tr>
      {/* Takes what the other columns leave, whatever stands in it. */}
      <Table.Td maw={0} w="100%">
        <Group gap={8} wrap="nowrap">
          <ChannelIcon channel={item.channel} />
          <div className="grow">
            <Text size="sm" fw={500} lineClamp={1} className="break">
              {summary?.title || 'Customer'}
            </Text>
            {summary?.text ? (
              <Text size="xs" c="dimmed" lineClamp={1} className="break">
                {summary.text}
              </Text>
            ) : null}
          </div>
        </Group>
      </Table.Td>
      <Table.Td className="whole">{live.configuration.nameOf('queue', item.queue)}</Table.Td>
      <Table.Td className="whole">
        {STATES[item.state]} {agent}
      </Table.Td>
      <Table.Td ta="end">
        <Elapsed since={item.since} inherit />
      </Table.Td>
      <Table.Td ta="end">
        <Elapsed since={item.enteredAt} inherit />
      </Table.Td>
      <Table.Td>
        <ItemActions item={item} />
      </Table.Td>
    </Table.Tr>
  );
}
