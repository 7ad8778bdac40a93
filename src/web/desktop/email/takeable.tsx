import { Button, Group, Stack, Text } from '@mantine/core';
import { doesServe } from '#domain/agent/eligible.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';

/** More than these would push everything else off the list. */
const SHOWN = 20;

/** What waits in queues from which agents may take what they choose, oldest first. */
export function Takeable({ waiting }: { waiting: readonly OpenWorkItem[] }) {
  const { me, live } = useLive();
  const own = me.agent;
  const agent = own && live.configuration.get('agent', own);
  if (!own || !agent || !live.centre.agents.has(own)) return null;
  const open = waiting
    .filter((item) => {
      const queue = live.configuration.get('queue', item.queue);
      const isFree = item.onlyAgent === undefined || item.onlyAgent === own;
      return queue?.mayPull === true && isFree && doesServe(own, agent, queue.serves);
    })
    .toSorted((a, b) => a.enteredAt - b.enteredAt);
  if (open.length === 0) return null;
  return (
    <Stack component="section" gap={6} aria-label="To take">
      <Text size="xs" fw={600} c="dimmed" tt="uppercase" mb={2} lts={0.4}>
        To take
      </Text>
      {open.slice(0, SHOWN).map((item) => {
        const summary = live.summaries.get(item.id);
        const title = summary?.title || 'Customer';
        return (
          <Group key={item.id} wrap="nowrap" gap={8}>
            <ChannelIcon channel={item.channel} />
            <div className="grow">
              <Text size="sm" truncate>
                {title}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {summary?.text || live.configuration.nameOf('queue', item.queue)} ·{' '}
                <Elapsed since={item.enteredAt} size="xs" span />
              </Text>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Take ${title}`}
              onClick={() => void attempt(server.takeEmail({ params: { id: item.id } }))}
            >
              Take
            </Button>
          </Group>
        );
      })}
      {open.length > SHOWN ? (
        <Text size="xs" c="dimmed">
          and {open.length - SHOWN} more
        </Text>
      ) : null}
    </Stack>
  );
}
