import { Box, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { channelNotices, withChannel, type ChannelNotice } from '#ui/live/readiness.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { thisStation } from '#ui/live/station.ts';

/** The channels in which the agent is offered nothing though they are ready, why, and the way out of it. */
export function ChannelNotices() {
  const { me, live } = useLive();
  const status = me.agent ? live.centre.agents.get(me.agent) : undefined;
  const isHere = status?.station === thisStation();
  const notices = isHere ? channelNotices(live.configuration, status) : [];

  const actionOf = ({ channel, why }: ChannelNotice) => {
    if (!status || why === 'no-seat') return undefined;
    return why === 'device'
      ? {
          name: 'Try again',
          run: () => void attempt(server.reportDevice({ params: { channel }, body: {} })),
        }
      : {
          name: 'Ready again',
          run: () =>
            void attempt(server.setReadiness({ body: withChannel(status.readiness, channel) })),
        };
  };

  return (
    // There from the beginning, so that a notice which appears is read out.
    <Box role="status" aria-label="Channels" hidden={notices.length === 0}>
      <Stack gap={8}>
        {notices.map((notice) => {
          const action = actionOf(notice);
          return (
            <Paper key={`${notice.channel} ${notice.why}`} withBorder p="sm">
              <Group gap={8} wrap="nowrap" align="flex-start">
                <ChannelIcon channel={notice.channel} />
                <Stack gap={8} align="flex-start" className="grow">
                  <Text size="sm">{notice.text}</Text>
                  {action ? (
                    <Button size="xs" variant="default" onClick={action.run}>
                      {action.name}
                    </Button>
                  ) : null}
                </Stack>
              </Group>
            </Paper>
          );
        })}
      </Stack>
    </Box>
  );
}
