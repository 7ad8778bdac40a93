import { Box, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { Readiness } from '#domain/agent/state.ts';
import type { Code } from '#domain/configuration/documents.ts';
import { CodeId, type Channel } from '#domain/ids.ts';
import { ChannelIcon, channelNoun } from '#ui/channel-icon.tsx';
import { withChannel } from '#ui/live/readiness.ts';

/** The reason where the centre has none to choose from. */
export const BY_CHOICE = CodeId.parse('by-choice');

/** Reasons stand under the name of their channel, behind its icon. */
const INDENT = 38;

/** The part of the menu in which an agent who is ready leaves single channels out, or takes them in again. */
export function ChannelItems({
  status: { readiness, channels },
  reasons,
  onChange,
}: {
  status: AgentStatus;
  reasons: readonly (readonly [CodeId, Code])[];
  onChange: (readiness: Readiness) => void;
}) {
  const [open, setOpen] = useState<Channel>();
  if (readiness.state === 'not-ready' || channels.length < 2) return null;

  const item = (channel: Channel) => {
    const icon = (
      <Box component="span" display="flex" aria-hidden="true">
        <ChannelIcon channel={channel} size={16} />
      </Box>
    );
    const noun = channelNoun(channel);
    if (readiness.except?.[channel] !== undefined) {
      return (
        <Menu.Item leftSection={icon} onClick={() => onChange(withChannel(readiness, channel))}>
          Ready for {noun} again
        </Menu.Item>
      );
    }
    const leaveOut = (reason: CodeId) => onChange(withChannel(readiness, channel, reason));
    const name = `Not ready for ${noun}`;
    if (reasons.length === 0) {
      return (
        <Menu.Item leftSection={icon} onClick={() => leaveOut(BY_CHOICE)}>
          {name}
        </Menu.Item>
      );
    }
    // A second menu beside this one would need a mouse, or a key that few would find.
    const isOpen = open === channel;
    return (
      <>
        <Menu.Item
          leftSection={icon}
          rightSection={<IconChevronDown size={14} />}
          closeMenuOnClick={false}
          aria-expanded={isOpen}
          onClick={() => setOpen(isOpen ? undefined : channel)}
        >
          {name}
        </Menu.Item>
        {isOpen
          ? reasons.map(([id, code]) => (
              <Menu.Item
                key={id}
                pl={INDENT}
                aria-label={`${name}: ${code.name}`}
                onClick={() => leaveOut(id)}
              >
                {code.name}
              </Menu.Item>
            ))
          : null}
      </>
    );
  };

  return (
    <>
      <Menu.Divider />
      <Menu.Label>Channels</Menu.Label>
      {channels.map((channel) => (
        <Fragment key={channel}>{item(channel)}</Fragment>
      ))}
    </>
  );
}
