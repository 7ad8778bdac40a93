import { Loader, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { describeChoice } from '#domain/work-item/describe-reason.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { formatTime } from '#ui/time.ts';
import { Why } from './why.tsx';

/** Everything that happened to a work item, in words, with the reason of each offer. */
export function ItemStory({ item }: { item: WorkItemId }) {
  const { live } = useLive();
  const story = useQuery({
    queryKey: ['story', item],
    queryFn: () => server.workItemHistory({ params: { id: item } }),
    staleTime: 0,
  });
  if (story.isPending) return <Loader size="sm" aria-label="Loading" />;
  if (story.error) return <Text size="sm">{story.error.message}</Text>;
  return (
    <Timeline bulletSize={10} lineWidth={2} active={story.data.records.length}>
      {story.data.records.map(({ position, at, body }) => (
        <Timeline.Item key={position}>
          <Text size="sm">{sentenceOf(body, live.configuration)}</Text>
          <Text size="xs" c="dimmed" className="figures">
            {formatTime(at)}
          </Text>
          {body.type === 'work-item-offered' ? <Why item={item} offer={body.offer} /> : null}
        </Timeline.Item>
      ))}
      {live.centre.items.get(item)?.state === 'queued' ? (
        <Timeline.Item>
          <Text size="sm">Waits.</Text>
          <Why item={item} />
        </Timeline.Item>
      ) : null}
    </Timeline>
  );
}

const ENDINGS = {
  accepted: 'accepted',
  declined: 'declined',
  'no-answer': 'did not answer in time',
  abandoned: 'lost it: the customer left',
  withdrawn: 'had it withdrawn',
  'device-error': 'could not be reached: the device failed',
} as const;

const TRANSFERS = {
  asked: 'Transferred',
  overflow: 'Moved on, the queue being full or closed,',
  refused: 'Sent on, as nobody took it,',
  callback: 'Kept its place for a call back',
} as const;

const ROLES = {
  consulted: 'consulted',
  conferee: 'conference',
  coach: 'coaching',
  monitor: 'monitoring',
} as const;

const CLOSINGS = {
  handled: 'Closed',
  abandoned: 'Closed: the customer left',
  forced: 'Closed by force',
} as const;

function sentenceOf(event: DirectorEvent, configuration: Configuration): string {
  const queue = (id: Parameters<typeof configuration.nameOf<'queue'>>[1]) =>
    configuration.nameOf('queue', id);
  const agent = (id: Parameters<typeof configuration.nameOf<'agent'>>[1]) =>
    configuration.nameOf('agent', id);
  switch (event.type) {
    case 'work-item-entered':
      return `Came into ${queue(event.queue)} with priority ${event.priority}.`;
    case 'work-item-offered':
      return `Offered to ${agent(event.agent)} (${describeChoice(event.choice)}).`;
    case 'offer-ended':
      return `${agent(event.agent)} ${ENDINGS[event.ending]}${event.reason ? `: ${configuration.nameOf('code', event.reason)}` : ''}.`;
    case 'work-item-requeued':
      return `Back in ${queue(event.queue)}, age kept: ${event.reason}.`;
    case 'work-item-accepted':
      return `With ${agent(event.agent)}.`;
    case 'work-item-awaits-customer':
      return 'Waits for the customer.';
    case 'customer-replied':
      return 'The customer replied.';
    case 'work-item-parked':
      return event.until
        ? `Set aside until ${formatTime(event.until)}.`
        : 'Set aside until the customer writes.';
    case 'work-item-transferred':
      return `${TRANSFERS[event.cause ?? 'asked']}${event.by ? ` by ${agent(event.by)}` : ''} to ${event.queue ? queue(event.queue) : event.agent ? agent(event.agent) : 'elsewhere'}.`;
    case 'work-item-merged':
      return `Merged by ${agent(event.by)}.`;
    case 'work-item-closed':
      return `${CLOSINGS[event.ending]}${event.code ? ` as ${configuration.nameOf('code', event.code)}` : ''}.`;
    case 'segment-ended':
      return `${agent(event.agent)}’s part ended: ${event.ending}.`;
    case 'service-level-missed':
      return 'Waited longer than the service level allows.';
    case 'wrap-up-started':
      return `${agent(event.agent)} wraps up.`;
    case 'wrap-up-ended':
      return `${agent(event.agent)} has wrapped up${event.code ? ` as ${configuration.nameOf('code', event.code)}` : ''}.`;
    case 'requirement-relaxed':
      return `Asks for less: step ${event.step + 1} of what it asked for.`;
    case 'work-item-reordered':
      return `Moved in line by ${agent(event.by)}: priority ${event.priority}.`;
    case 'capacity-released':
      return `The customer is silent: it takes up no room of ${agent(event.agent)} for now.`;
    case 'participant-invited':
      return `${agent(event.by)} asked ${agent(event.agent)} to join (${ROLES[event.role]}).`;
    case 'invitation-ended':
      return `${agent(event.agent)} ${ENDINGS[event.ending]}.`;
    case 'participant-joined':
      return `${agent(event.agent)} joined (${ROLES[event.role]}).`;
    case 'participant-role-changed':
      return `${agent(event.agent)} takes part in another way (${ROLES[event.role]}).`;
    case 'participant-left':
      return `${agent(event.agent)} left.`;
    case 'owner-changed':
      return `Passed from ${agent(event.from)} to ${agent(event.agent)}.`;
    case 'interlock-requested':
      return `The switch of ${agent(event.agent)} was asked to keep calls from them.`;
    case 'switch-link-changed':
      return `The link to switch ${event.switch} ${event.up ? 'is back' : 'is lost'}.`;
    case 'configuration-taken':
      return 'The configuration changed.';
    case 'agent-logged-in':
    case 'agent-logged-out':
    case 'agent-readiness-changed':
    case 'agent-presence-changed':
    case 'agent-device-changed':
    case 'switch-report-requested':
    case 'switch-state-changed':
    case 'call-landed':
    case 'call-ended':
    case 'interlock-confirmed':
    case 'interlock-ended':
    case 'interlock-rested':
    case 'restore-requested':
    case 'restore-confirmed':
    case 'call-routed':
    case 'call-not-landed':
      return `${agent(event.agent)}: ${event.type}.`; // never of an item, yet of the same journal
  }
}
