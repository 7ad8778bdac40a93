import { Button, Group, Modal, NumberInput, Paper, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import { Choice, Dialog } from '#ui/dialog.tsx';
import { agentChoices } from '#ui/live/agent-choices.ts';
import { useLive } from '#ui/live/use-live.ts';
import { tellDone } from '#ui/tell.ts';
import { doToMany, type Deed, type Outcome } from './bulk.ts';
import classes from './board.module.css';

const DEEDS = [
  {
    type: 'assign',
    name: 'Assign',
    means: 'They wait for that agent, and ring there one after the other.',
  },
  { type: 'move', name: 'Move', means: 'They go on in that queue, with their age.' },
  {
    type: 'reorder',
    name: 'Reorder',
    means: 'They are served by that priority; 0 comes first, 9 last.',
  },
  {
    type: 'pullBack',
    name: 'Pull back',
    means: 'They wait in their queues again, with their age.',
  },
  {
    type: 'forceClose',
    name: 'Force close',
    means:
      'This ends them for their customers and for whoever has them, from any state. It cannot be undone.',
  },
] as const;
const USUAL = { variant: 'default' } as const;
type DeedType = (typeof DEEDS)[number]['type'];

/** What can be done with the chosen contacts: asked once, done to each, and told of each that was refused. */
export function BulkBar({
  chosen,
  note,
  onClear,
}: {
  chosen: readonly WorkItemId[];
  /** Said behind how many are chosen. */
  note: string | undefined;
  onClear: () => void;
}) {
  const [asked, ask] = useState<DeedType>();
  const [refused, setRefused] = useState<readonly Outcome[]>([]);
  if (chosen.length === 0 && refused.length === 0) return null;
  return (
    <>
      {chosen.length > 0 ? (
        <Paper
          component="section"
          aria-label="Chosen contacts"
          className={classes.bulk}
          withBorder
          shadow="md"
          p="xs"
        >
          <Group gap={8}>
            <Text size="sm" fw={600} className={`figures ${classes.count}`} role="status">
              {chosen.length} chosen{note ? `, ${note}` : ''}
            </Text>
            {DEEDS.map(({ type, name }) => (
              <Button
                key={type}
                size="xs"
                {...(type === 'forceClose' ? { color: 'red', variant: 'light' } : USUAL)}
                onClick={() => ask(type)}
              >
                {name} …
              </Button>
            ))}
            <Button size="xs" variant="subtle" onClick={onClear}>
              None
            </Button>
          </Group>
        </Paper>
      ) : null}
      {asked ? (
        <Question
          key={asked}
          type={asked}
          chosen={chosen}
          onClose={() => ask(undefined)}
          onDone={(outcomes) => {
            onClear();
            const bad = outcomes.filter(({ outcome }) => outcome !== 'done');
            setRefused(bad);
            const done = outcomes.length - bad.length;
            if (done > 0) tellDone(`Done: ${done} of ${outcomes.length}.`);
          }}
        />
      ) : null}
      <Refused outcomes={refused} onClose={() => setRefused([])} />
    </>
  );
}

function Question({
  type,
  chosen,
  onClose,
  onDone,
}: {
  type: DeedType;
  chosen: readonly WorkItemId[];
  onClose: () => void;
  onDone: (outcomes: readonly Outcome[]) => void;
}) {
  const { live } = useLive();
  const [target, setTarget] = useState<string | null>(null);
  const [priority, setPriority] = useState<number>(0);
  const { name = '', means = '' } = DEEDS.find((deed) => deed.type === type) ?? {};
  const deed = deedOf(type, target, priority);
  const queues = [...live.configuration.all('queue')].map(([value, queue]) => ({
    value: value as string,
    label: queue.name,
  }));
  const count = chosen.length === 1 ? '1 contact' : `${chosen.length} contacts`;
  return (
    <Dialog
      title={`${name}: ${count}`}
      isOpen
      onClose={onClose}
      deed={`${name} ${count}`}
      act={deed && (async () => onDone(await doToMany(chosen, deed)))}
      isGrave={type === 'forceClose'}
    >
      {type === 'assign' || type === 'move' ? (
        <Choice
          label={type === 'assign' ? 'Agent' : 'Queue'}
          data={type === 'assign' ? agentChoices(live) : queues}
          value={target}
          onChange={setTarget}
          nothingFound={
            type === 'assign' ? 'Nobody of that name is logged in' : 'No queue of that name'
          }
        />
      ) : null}
      {type === 'reorder' ? (
        <NumberInput
          label="Priority"
          min={0}
          max={9}
          value={priority}
          onChange={(value) => setPriority(Number(value) || 0)}
          data-autofocus
        />
      ) : null}
      <Text size="sm">{means}</Text>
    </Dialog>
  );
}

function deedOf(type: DeedType, target: string | null, priority: number): Deed | undefined {
  switch (type) {
    case 'assign':
      return target ? { type, agent: target as AgentId } : undefined;
    case 'move':
      return target ? { type, queue: target as QueueId } : undefined;
    case 'reorder':
      return { type, priority };
    case 'pullBack':
    case 'forceClose':
      return { type };
  }
}

/** Those to whom it could not be done, each with its reason: a part that failed never hides behind the rest. */
function Refused({ outcomes, onClose }: { outcomes: readonly Outcome[]; onClose: () => void }) {
  const { live } = useLive();
  return (
    <Modal
      opened={outcomes.length > 0}
      onClose={onClose}
      title={outcomes.length === 1 ? '1 was not done' : `${outcomes.length} were not done`}
      size="lg"
      centered
    >
      <Table className="figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Contact</Table.Th>
            <Table.Th>Why not</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {outcomes.map(({ item, outcome, message }) => (
            <Table.Tr key={item}>
              <Table.Td className="break">{live.summaries.get(item)?.title || 'Customer'}</Table.Td>
              <Table.Td className="break">{WORDS[outcome] ?? message ?? outcome}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

/** The usual reasons, as a supervisor would say them. */
const WORDS: Readonly<Record<string, string>> = {
  'unknown-item': 'It was over before.',
  'wrong-state': 'It has come into another state meanwhile.',
  'no-capacity': 'The agent has no room for it.',
  away: 'The agent is away.',
  rings: 'Something rings at the agent already.',
  'not-logged-in': 'The agent is not logged in.',
};
