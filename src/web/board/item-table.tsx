import { Checkbox, Group, SegmentedControl, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { hasJoined } from '#domain/work-item/participants.ts';
import { absentCustomer } from '#ui/absent-customer.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { Elapsed } from '#ui/elapsed.tsx';
import { useLive } from '#ui/live/use-live.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ItemActions } from './item-actions.tsx';
import { ListenIn } from './listen-in.tsx';
import { Panel } from './panel.tsx';

/** Rows drawn at once; a longer list is narrowed by its state. */
const MOST_ROWS = 200;

const STATES = {
  queued: 'Waiting',
  offered: 'Being offered to',
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

function toggled(chosen: ReadonlySet<WorkItemId>, id: WorkItemId): ReadonlySet<WorkItemId> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Whoever chose all of a long list did not choose what it leaves out. */
const restOf = (all: number, drawn: number): string =>
  `of ${all.toLocaleString()}: the list shows the oldest ${drawn}`;

/** Every open contact, the one that has waited longest first, and what can be done with it. */
export function ItemTable() {
  const { live } = useLive();
  const [filter, setFilter] = useState('all');
  const [chosen, choose] = useState<ReadonlySet<WorkItemId>>(new Set());
  const [listeningTo, listenTo] = useState<WorkItemId>();
  const items = [...live.centre.items.values()]
    .filter((item) => isShown(filter, item))
    .toSorted((a, b) => a.enteredAt - b.enteredAt);
  const drawn = items.slice(0, MOST_ROWS);
  // What has left the list meanwhile is not done anything to.
  const isChosen = items.map(({ id }) => id).filter((id) => chosen.has(id));
  const areAll = drawn.length > 0 && drawn.every(({ id }) => chosen.has(id));
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
            <Table.Th w={40}>
              <Checkbox
                size="xs"
                aria-label="Choose all"
                checked={areAll}
                indeterminate={isChosen.length > 0 && !areAll}
                onChange={() => choose(new Set(areAll ? [] : drawn.map(({ id }) => id)))}
              />
            </Table.Th>
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
        {drawn.map((item) => (
          <Row
            key={item.id}
            item={item}
            isChosen={chosen.has(item.id)}
            onChoose={() => choose(toggled(chosen, item.id))}
            onListen={() => listenTo(item.id)}
          />
        ))}
      </Panel>
      <BulkBar
        chosen={isChosen}
        note={
          areAll && items.length > drawn.length ? restOf(items.length, drawn.length) : undefined
        }
        onClear={() => choose(new Set())}
      />
      <ListenIn
        item={listeningTo && live.centre.items.get(listeningTo)}
        onClose={() => listenTo(undefined)}
      />
      {items.length > MOST_ROWS ? (
        <Text size="sm" c="dimmed">
          The oldest {MOST_ROWS} of {items.length.toLocaleString()} are shown.
        </Text>
      ) : null}
    </>
  );
}

function Row({
  item,
  isChosen,
  onChoose,
  onListen,
}: {
  item: OpenWorkItem;
  isChosen: boolean;
  onChoose: () => void;
  onListen: () => void;
}) {
  const { live } = useLive();
  const summary = live.summaries.get(item.id);
  const agent =
    item.agent && item.state !== 'parked' ? live.configuration.nameOf('agent', item.agent) : '';
  const there = (item.participants ?? []).filter(hasJoined);
  const others = there.length > 0 ? ` + ${there.length}` : '';
  return (
    <Table.Tr data-chosen={isChosen || undefined}>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={`Choose ${summary?.title || 'this contact'}`}
          checked={isChosen}
          onChange={onChoose}
        />
      </Table.Td>
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
        {others}
        {absentCustomer(item)}
      </Table.Td>
      <Table.Td ta="end">
        <Elapsed since={item.since} inherit />
      </Table.Td>
      <Table.Td ta="end">
        <Elapsed since={item.enteredAt} inherit />
      </Table.Td>
      <Table.Td>
        <ItemActions item={item} onListen={onListen} />
      </Table.Td>
    </Table.Tr>
  );
}
