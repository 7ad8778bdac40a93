import { Menu } from '@mantine/core';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { Readiness } from '#domain/agent/state.ts';
import type { Code } from '#domain/configuration/documents.ts';
import { CodeId } from '#domain/ids.ts';
import { ChannelIcon, channelNoun } from '#ui/channel-icon.tsx';
import { withChannel } from '#ui/live/readiness.ts';

/** The reason where the centre has none to choose from. */
export const BY_CHOICE = CodeId.parse('by-choice');

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
  if (readiness.state === 'not-ready' || channels.length < 2) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Channels</Menu.Label>
      {channels.map((channel) => {
        const icon = <ChannelIcon channel={channel} size={16} />;
        const leaveOut = (reason: CodeId) => onChange(withChannel(readiness, channel, reason));
        if (readiness.except?.[channel] !== undefined) {
          return (
            <Menu.Item
              key={channel}
              leftSection={icon}
              onClick={() => onChange(withChannel(readiness, channel))}
            >
              Ready for {channelNoun(channel)} again
            </Menu.Item>
          );
        }
        const name = `Not ready for ${channelNoun(channel)}`;
        if (reasons.length === 0) {
          return (
            <Menu.Item key={channel} leftSection={icon} onClick={() => leaveOut(BY_CHOICE)}>
              {name}
            </Menu.Item>
          );
        }
        return (
          <Menu.Sub key={channel} position="left-start">
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={icon}>{name}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {reasons.map(([id, code]) => (
                <Menu.Item key={id} onClick={() => leaveOut(id)}>
                  {code.name}
                </Menu.Item>
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        );
      })}
    </>
  );
}
