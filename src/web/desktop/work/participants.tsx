import { Badge, Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconUsers } from '@tabler/icons-react';
import { newId } from '#base/id.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import { hasJoined, ROLES } from '#domain/work-item/participants.ts';
import { ROLE_NAMES } from '#ui/conversation/audience.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import classes from './work.module.css';

/** Who else is in it, and in which role; the owner lets them speak, hands over to them, or asks them to go. */
export function Participants({ item }: { item: OpenWorkItem }) {
  const { me, live } = useLive();
  const { participants = [] } = item;
  if (participants.length === 0) return null;
  const isOwner = item.agent === me.agent;
  return (
    <Group
      component="section"
      aria-label="Who takes part"
      className={classes.participants}
      px="md"
      py={6}
      gap={8}
    >
      <IconUsers size={16} aria-hidden="true" />
      {isOwner || !item.agent ? null : (
        <Person name={live.configuration.nameOf('agent', item.agent)} role="has it" />
      )}
      {participants.map((participant) =>
        isOwner && (isInvited(participant) || ROLES[participant.role].isContact) ? (
          <Guest key={participant.agent} item={item} participant={participant} />
        ) : (
          <Person
            key={participant.agent}
            name={
              participant.agent === me.agent
                ? 'You'
                : live.configuration.nameOf('agent', participant.agent)
            }
            role={roleOf(participant)}
          />
        ),
      )}
    </Group>
  );
}

/** Whoever came by themselves is not for the owner to ask to go. */
const isInvited = ({ invitation }: Participant): boolean => invitation !== undefined;

const roleOf = (participant: Participant): string =>
  hasJoined(participant) ? ROLE_NAMES[participant.role] : 'asked, not there yet';

function Person({ name, role }: { name: string; role: string }) {
  return (
    <Badge variant="light" color="gray" tt="none" size="lg" fw={500} maw={300}>
      <NameAndRole name={name} role={role} />
    </Badge>
  );
}

/** However long a name is, the role is seen. */
function NameAndRole({ name, role }: { name: string; role: string }) {
  return (
    <Text span size="sm" className={classes.person}>
      <span className={classes.name}>{name}</span> · {role}
    </Text>
  );
}

/** A participant, as the owner has them before them. */
function Guest({ item, participant }: { item: OpenWorkItem; participant: Participant }) {
  const { live } = useLive();
  const { agent, role } = participant;
  const name = live.configuration.nameOf('agent', agent);
  const params = { id: item.id, agent };
  const isThere = hasJoined(participant);
  const isGuest = isInvited(participant) && isThere;
  const handOver = async (): Promise<void> => {
    const body = { to: newId(), target: { agent } };
    if (await attempt(server.transfer({ params: { id: item.id }, body }))) {
      tellDone(`${name} has it now.`);
    }
  };
  return (
    <Menu position="bottom-start" width={240} withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="light"
          color="gray"
          maw={320}
          rightSection={<IconChevronDown size={14} />}
        >
          <NameAndRole name={name} role={roleOf(participant)} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {isThere && ROLES[role].isContact ? (
          <Menu.Item onClick={() => void handOver()}>Hand over to them</Menu.Item>
        ) : null}
        {isGuest && role === 'consulted' ? (
          <Menu.Item
            onClick={() => void attempt(server.changeRole({ params, body: { role: 'conferee' } }))}
          >
            Let them speak to the customer
          </Menu.Item>
        ) : null}
        {isGuest && role === 'conferee' ? (
          <Menu.Item
            onClick={() => void attempt(server.changeRole({ params, body: { role: 'consulted' } }))}
          >
            Back to advice only
          </Menu.Item>
        ) : null}
        {isInvited(participant) ? (
          <Menu.Item onClick={() => void attempt(server.removeParticipant({ params }))}>
            {isThere ? 'Ask them to go' : 'Take the invitation back'}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
