import { Badge, Text } from '@mantine/core';
import type { Delivery, DeliveryState } from '#domain/email/email.ts';
import { formatTime } from '#ui/time.ts';

const STATES: Readonly<Record<DeliveryState, { readonly name: string; readonly color: string }>> = {
  held: { name: 'leaves in a moment', color: 'gray' },
  waiting: { name: 'waits to be sent', color: 'gray' },
  sending: { name: 'is being sent', color: 'gray' },
  sent: { name: 'sent', color: 'teal' },
  delivered: { name: 'delivered', color: 'teal' },
  bounced: { name: 'came back', color: 'red' },
  failed: { name: 'not sent', color: 'red' },
  undone: { name: 'taken back', color: 'gray' },
};

/** What has become of an e-mail that was sent from here, in two words. */
export function DeliveryBadge({ delivery: { state } }: { delivery: Delivery }) {
  const { name, color } = STATES[state];
  return (
    <Badge variant="light" color={color} size="sm">
      {name}
    </Badge>
  );
}

/** What went wrong with it, and what happens next; nothing where all is well. */
export function DeliveryStory({ delivery }: { delivery: Delivery }) {
  const { problem, next, state, perhapsTwice, tries } = delivery;
  const isRetried = state === 'waiting' && tries > 0 && next !== undefined;
  if (problem === undefined && !isRetried && !perhapsTwice) return null;
  return (
    <Text
      size="sm"
      c={state === 'failed' || state === 'bounced' ? 'var(--mantine-color-error)' : 'dimmed'}
    >
      {problem}
      {isRetried ? ` It is tried again at ${formatTime(next)}.` : ''}
      {perhapsTwice ? ' The customer may have received it twice.' : ''}
    </Text>
  );
}
