import { Box, Stack, Text } from '@mantine/core';
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { useLive } from '#ui/live/use-live.ts';
import { ChannelNotices } from '../channel-notices.tsx';
import { thisStation } from '#ui/live/station.ts';
import { Takeable } from '../email/takeable.tsx';
import { InvitationCard } from './invitation-card.tsx';
import { OfferCard } from './offer-card.tsx';
import { invitationsOf, partsOf } from './taking-part.ts';
import { WorkCard } from './work-card.tsx';
import { WrapUpCard } from './wrap-up-card.tsx';

/** What is offered to the agent, what they have, what they have set aside, and what waits for anybody. */
export function WorkList({
  selected,
  onSelect,
}: {
  selected: WorkItemId | undefined;
  onSelect: (id: WorkItemId) => void;
}) {
  const { me, live } = useLive();
  const items = [...live.centre.items.values()];
  const status = me.agent ? live.centre.agents.get(me.agent) : undefined;
  const isElsewhere = status !== undefined && status.station !== thisStation();
  const mine = isElsewhere ? [] : items.filter((item) => item.agent === me.agent);
  const byAge = (a: OpenWorkItem, b: OpenWorkItem) => a.enteredAt - b.enteredAt;
  const offers = mine.filter((item) => item.state === 'offered').toSorted(byAge);
  const invitations = isElsewhere || !me.agent ? [] : invitationsOf(items, me.agent);
  const held = [
    ...mine.filter((item) => item.state === 'accepted' || item.state === 'awaiting-customer'),
    ...(isElsewhere || !me.agent ? [] : partsOf(items, me.agent)),
  ].toSorted(byAge);
  const parked = mine.filter((item) => item.state === 'parked').toSorted(byAge);
  const waiting = items.filter((item) => item.state === 'queued');
  const wrapUps = isElsewhere ? [] : (status?.wrapUps ?? []);

  return (
    <Stack gap="lg" p="md">
      <ChannelNotices />
      {/* Offers are announced: they come while the eyes are elsewhere. */}
      <Box
        aria-live="assertive"
        aria-label="Offers"
        role="region"
        hidden={offers.length + invitations.length === 0}
      >
        <Stack gap="sm">
          {offers.map((item) => (
            <OfferCard
              key={`${item.id}:${item.offer}`}
              item={item}
              onAccepted={() => onSelect(item.id)}
            />
          ))}
          {invitations.map(({ item, participant }) => (
            <InvitationCard
              key={`${item.id}:${participant.invitation}`}
              item={item}
              participant={participant}
              onJoined={() => onSelect(item.id)}
            />
          ))}
        </Stack>
      </Box>
      {wrapUps.length > 0 ? (
        <Section title="Wrap-up">
          {wrapUps.map((wrapUp) => (
            <WrapUpCard key={wrapUp.segment} wrapUp={wrapUp} />
          ))}
        </Section>
      ) : null}
      <Section title="In hand" empty="Nothing right now">
        {held.map((item) => (
          <WorkCard
            key={item.id}
            item={item}
            isSelected={item.id === selected}
            onSelect={() => onSelect(item.id)}
          />
        ))}
      </Section>
      {parked.length > 0 ? (
        <Section title="Set aside">
          {parked.map((item) => (
            <WorkCard
              key={item.id}
              item={item}
              isSelected={item.id === selected}
              onSelect={() => onSelect(item.id)}
            />
          ))}
        </Section>
      ) : null}
      {isElsewhere ? null : <Takeable waiting={waiting} />}
      <Text size="sm" c="dimmed" className="figures" role="status">
        {waiting.length === 0 ? 'Nobody is waiting' : `${waiting.length} waiting in your queues`}
      </Text>
    </Stack>
  );
}

function Section({
  title,
  empty,
  children,
}: {
  title: string;
  empty?: string;
  children: React.ReactNode[];
}) {
  return (
    <Box component="section" aria-label={title}>
      <Text size="xs" fw={600} c="dimmed" tt="uppercase" mb={8} lts={0.4}>
        {title}
      </Text>
      {children.length > 0 ? (
        <Stack gap={6}>{children}</Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
    </Box>
  );
}
