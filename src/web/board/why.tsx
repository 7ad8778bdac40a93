import { Alert, Button, Group, List, Loader, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { AgentId, type WorkItemId } from '#domain/ids.ts';
import {
  describeNext,
  describeReason,
  describeReasonType,
  type Names,
} from '#domain/work-item/describe-reason.ts';
import type { Decision, ReasonGroup } from '#domain/work-item/explanation.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { formatExactTime } from '#ui/time.ts';

/** Agents named for a reason before one asks for all. */
const NAMED = 5;

/** In place of an offer: why it waits. */
const WAITS = 0;

/** A question that opens its answer: why this agent, and why nobody else; or why a contact still waits. */
export function Why({ item, offer = WAITS }: { item: WorkItemId; offer?: number }) {
  const [isOpen, setOpen] = useState(false);
  const answer = useId();
  return (
    <>
      <Button
        variant="subtle"
        size="compact-xs"
        ml={-8}
        aria-expanded={isOpen}
        aria-controls={answer}
        onClick={() => setOpen(!isOpen)}
      >
        {offer === WAITS ? 'Why does it wait?' : 'Why?'}
      </Button>
      <div id={answer}>{isOpen ? <Answer item={item} offer={offer} /> : null}</div>
    </>
  );
}

function Answer({ item, offer }: { item: WorkItemId; offer: number }) {
  const { live } = useLive();
  const [asked, setAsked] = useState<AgentId>();
  const explanation = useQuery({
    queryKey: ['explanation', item, offer, asked],
    queryFn: () =>
      server.explanation({
        params: { id: item },
        query: { offer, ...(asked && { agent: asked }) },
      }),
    staleTime: offer === WAITS ? 0 : Infinity, // what was decided does not change any more
    placeholderData: (before) => before,
  });
  if (explanation.isPending) return <Loader size="xs" my="xs" aria-label="Loading" />;
  if (explanation.error) {
    return (
      <Alert color="red" my="xs" p="xs" title="This could not be explained">
        <Group justify="space-between">
          <Text size="sm">{explanation.error.message}</Text>
          <Button size="compact-xs" variant="default" onClick={() => void explanation.refetch()}>
            Try again
          </Button>
        </Group>
      </Alert>
    );
  }
  const [decision] = explanation.data.decisions;
  if (!decision) {
    return (
      <Text size="sm" c="dimmed" my="xs">
        It does not wait any more.
      </Text>
    );
  }
  const names = namesOf(live.configuration);
  return (
    <Stack gap={6} my="xs">
      <Text size="sm">{standingOf(decision)}</Text>
      {decision.groups.length === 0 ? (
        <Text size="sm" c="dimmed">
          {decision.offer ? 'No other agent was logged in.' : 'No agent is logged in.'}
        </Text>
      ) : (
        <List size="sm" spacing={4} listStyleType="none">
          {decision.groups.map((group) => (
            <Reasons key={group.type} group={group} names={names} />
          ))}
        </List>
      )}
      {decision.notLoggedIn > 0 ? (
        <Text size="sm" c="dimmed">
          {decision.notLoggedIn} not logged in
        </Text>
      ) : null}
      <AskAbout configuration={live.configuration} asked={asked} ask={setAsked} />
      {decision.asked ? (
        <Text size="sm" role="status">
          {names.agent(decision.asked.agent)} {answerOf(decision.asked, names)}.
        </Text>
      ) : null}
    </Stack>
  );
}

/** One reason, and whom it holds for. */
function Reasons({ group, names }: { group: ReasonGroup; names: Names }) {
  const [all, setAll] = useState(false);
  const shown = all ? group.agents : group.agents.slice(0, NAMED);
  const left = group.count - shown.length;
  return (
    <List.Item>
      <Text size="sm" fw={500}>
        {group.count} {describeReasonType(group.type)}
      </Text>
      {shown.map(({ agent, reason }) => (
        <Text key={agent} size="xs" c="dimmed" className="break">
          {names.agent(agent)} {describeReason(reason, names)}
        </Text>
      ))}
      {left > 0 && !all && group.agents.length > NAMED ? (
        <Button size="compact-xs" variant="subtle" ml={-8} onClick={() => setAll(true)}>
          {left} more
        </Button>
      ) : null}
      {left > 0 && (all || group.agents.length <= NAMED) ? (
        <Text size="xs" c="dimmed">
          and {left} more
        </Text>
      ) : null}
    </List.Item>
  );
}

function AskAbout({
  configuration,
  asked,
  ask,
}: {
  configuration: Configuration;
  asked: AgentId | undefined;
  ask: (agent: AgentId | undefined) => void;
}) {
  const agents = [...configuration.all('agent')].map(([value, { name }]) => ({
    value,
    label: name,
  }));
  return (
    <Select
      size="xs"
      maw={260}
      aria-label="Ask about an agent"
      placeholder="Why not …"
      searchable
      clearable
      limit={20}
      nothingFoundMessage="Nobody of that name"
      data={agents}
      value={asked ?? null}
      onChange={(value) => ask(value === null ? undefined : AgentId.parse(value))}
    />
  );
}

function standingOf({ work, offer }: Decision): string {
  const { tier, priority, asks, next } = work;
  const parts = [`tier ${tier}`, `priority ${priority}`, ...(asks ? [`asks for ${asks}`] : [])];
  const place = `Its place: ${parts.join(', ')}.`;
  if (!offer || !next) return place;
  return `${place} Other work waited for this agent, too; ${describeNext(next.by)}.`;
}

function answerOf({ is, reason }: NonNullable<Decision['asked']>, names: Names): string {
  if (is === 'chosen') return 'was chosen';
  if (is === 'unknown') return 'is no agent of this centre';
  if (is === 'not-logged-in' || !reason) return 'was not logged in';
  return describeReason(reason, names);
}

const namesOf = (configuration: Configuration): Names => ({
  agent: (id) => configuration.nameOf('agent', id),
  queue: (id) => configuration.nameOf('queue', id),
  code: (id) => configuration.nameOf('code', id),
  time: formatExactTime,
});
