import { Box, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { WorkItemId } from '#domain/ids.ts';
import { workOf } from '#domain/work-item/centre.ts';
import { Shell } from '#ui/live/shell.tsx';
import { useLive } from '#ui/live/use-live.ts';
import { Availability } from './availability.tsx';
import { ContactPane } from './contact/contact-pane.tsx';
import { ConversationPane } from './conversation/conversation-pane.tsx';
import classes from './desktop.module.css';
import { EmailPane } from './email/email-pane.tsx';
import { EmailTools } from './email/email-tools.tsx';
import { NothingInHand } from './nothing-in-hand.tsx';
import { thisStation } from '#ui/live/station.ts';
import { Shortcuts } from './shortcuts.tsx';
import { TaskPane } from './task-pane.tsx';
import { useOfferAlert } from './use-offer-alert.ts';
import { useTitle } from './use-title.ts';
import { invitationsOf, partsOf } from './work/taking-part.ts';
import { WorkList } from './work/work-list.tsx';

/** An agent's window: their work on the left, the one in hand in the middle, the customer on the right. */
export function Desktop() {
  const { me, live } = useLive();
  const agent = me.agent;
  // null: the agent went back to the list.
  const [selected, select] = useState<WorkItemId | null>();
  // Another browser may be the agent's station: the work is there then, and nothing rings here.
  const isHere = agent !== undefined && live.centre.agents.get(agent)?.station === thisStation();
  const mine = isHere
    ? workOf(live.centre, agent).toSorted((a, b) => a.enteredAt - b.enteredAt)
    : [];
  const offers = mine.filter((item) => item.state === 'offered');
  const items = [...live.centre.items.values()];
  const invitations = isHere ? invitationsOf(items, agent) : [];
  const held = [
    ...mine.filter((item) => item.state === 'accepted' || item.state === 'awaiting-customer'),
    ...(isHere ? partsOf(items, agent) : []),
  ].toSorted((a, b) => a.enteredAt - b.enteredAt);
  useOfferAlert(offers, invitations);
  useTitle(offers.length + invitations.length, held, live.summaries);

  const current = selected ? live.centre.items.get(selected) : undefined;
  const isTheirs = current?.agent === agent || held.some(({ id }) => id === current?.id);
  const shown = isHere && isTheirs ? current : undefined;

  // What was accepted last comes to hand by itself when nothing is; it never takes the place of something.
  const newest = held.toSorted((a, b) => b.since - a.since)[0]?.id;
  useEffect(() => {
    if (!shown && newest && selected !== null) select(newest);
  }, [shown, newest, selected]);

  return (
    <Shell
      current="/"
      status={
        <>
          <EmailTools />
          <Availability />
          <Shortcuts
            offers={offers}
            invitations={invitations}
            held={held}
            selected={shown?.id}
            onSelect={select}
          />
        </>
      }
    >
      <Group align="stretch" gap={0} wrap="nowrap" h="100%">
        <Box
          component="nav"
          aria-label="Work"
          className={classes.work}
          data-alone={!shown || undefined}
        >
          <WorkList selected={shown?.id} onSelect={select} />
        </Box>
        <Box className={classes.hand} data-empty={!shown || undefined}>
          {!shown ? (
            <NothingInHand />
          ) : shown.channel === 'task' ? (
            <TaskPane key={shown.id} item={shown} onBack={() => select(null)} />
          ) : shown.channel === 'email' ? (
            <EmailPane key={shown.id} item={shown} onBack={() => select(null)} />
          ) : (
            <ConversationPane key={shown.id} item={shown} onBack={() => select(null)} />
          )}
        </Box>
        {shown ? (
          <Box component="aside" aria-label="Customer" className={classes.customer}>
            <ContactPane key={shown.contact ?? shown.id} item={shown} />
          </Box>
        ) : null}
      </Group>
    </Shell>
  );
}
