import { Loader, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { formatTime } from '#ui/time.ts';

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
        </Timeline.Item>
      ))}
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
      return `Offered to ${agent(event.agent)} (${event.choice.rule}, of ${event.choice.candidates} who could take it).`;
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
      return `Transferred by ${agent(event.by)} to ${event.queue ? queue(event.queue) : event.agent ? agent(event.agent) : 'elsewhere'}.`;
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
    case 'agent-logged-in':
    case 'agent-logged-out':
    case 'agent-readiness-changed':
    case 'agent-presence-changed':
      return `${agent(event.agent)}: ${event.type}.`; // never of an item, yet of the same journal
  }
}
