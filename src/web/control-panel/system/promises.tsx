import { Anchor, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SeenViolation, Standing } from '#domain/work-item/standing.ts';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { StateDot } from '#ui/state-dot.tsx';

type PromiseStanding = Standing['promises'][number];

const PROMISES: Readonly<Record<PromiseStanding['promise'], { name: string; says: string }>> = {
  balance: {
    name: 'Nothing is lost',
    says: 'What came in has ended or is open.',
  },
  'one-owner': {
    name: 'One owner',
    says: 'Every contact has one owner, or waits and has none.',
  },
  deadline: {
    name: 'Offers end in time',
    says: 'No offer rings longer than a second past its deadline.',
  },
  capacity: {
    name: 'Nobody gets too much',
    says: 'No offer takes anybody above their capacity.',
  },
};

const STATES: Readonly<Record<string, string>> = {
  queued: 'waiting',
  offered: 'offered',
  accepted: 'with agents',
  parked: 'parked',
  'awaiting-customer': 'awaiting the customer',
};

/** Whether the routing keeps what it promises whatever happens, looked through every second. */
export function Promises() {
  const standing = useQuery({
    queryKey: ['standing'],
    queryFn: () => server.standing(),
    refetchInterval: 2_000,
  });
  return (
    <Stack>
      <div>
        <Title order={1} fz="h3">
          Promises
        </Title>
        <Text size="sm" c="dimmed">
          What must hold whatever happens. A broken promise is a fault of the program: please report
          it.
        </Text>
      </div>
      {standing.isPending ? <Loader aria-label="Loading" /> : null}
      {standing.error ? <Text c="var(--mantine-color-error)">{standing.error.message}</Text> : null}
      {standing.data ? <Kept standing={standing.data} /> : null}
    </Stack>
  );
}

function Kept({ standing }: { standing: Standing }) {
  const { checkedAt, promises } = standing;
  return (
    <>
      <Balance standing={standing} />
      <Paper withBorder>
        {Object.entries(PROMISES).map(([name, words]) => {
          const found = promises.find(({ promise }) => promise === name);
          return found ? <PromiseRow key={name} {...words} standing={found} /> : null;
        })}
      </Paper>
      <Text size="xs" c="dimmed">
        {checkedAt === undefined ? (
          'Not looked through yet.'
        ) : (
          <>
            Everything open was looked through <Elapsed since={checkedAt} size="xs" span /> ago.
          </>
        )}
      </Text>
    </>
  );
}

/** In = closed + open, in figures. */
function Balance({ standing }: { standing: Standing }) {
  const { entered, ended, open, states, agents, agentsAboveLimit } = standing;
  const parts = Object.entries(states).flatMap(([state, count]) =>
    count > 0 && STATES[state] ? [`${count.toLocaleString()} ${STATES[state]}`] : [],
  );
  return (
    <Paper withBorder p="md">
      <Group gap="xl" className="figures">
        <Figure value={entered} name="came in" />
        <Text c="dimmed" aria-hidden>
          =
        </Text>
        <Figure value={ended} name="ended" />
        <Text c="dimmed" aria-hidden>
          +
        </Text>
        <Figure value={open} name="open" />
      </Group>
      <Text size="xs" c="dimmed" mt="xs">
        {[...parts, `${agents.toLocaleString()} agents logged in`].join(' · ')}
        {agentsAboveLimit > 0
          ? ` · ${agentsAboveLimit.toLocaleString()} with more than a limit that was lowered or passed over allows`
          : null}
      </Text>
    </Paper>
  );
}

function Figure({ value, name }: { value: number; name: string }) {
  return (
    <div>
      <Text fz="h3" fw={600} lh={1.2}>
        {value.toLocaleString()}
      </Text>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
    </div>
  );
}

interface PromiseRowProps {
  readonly name: string;
  readonly says: string;
  readonly standing: PromiseStanding;
}

function PromiseRow({ name, says, standing: { broken, violations } }: PromiseRowProps) {
  const isKept = violations.length === 0;
  return (
    <Group
      p="md"
      wrap="nowrap"
      align="flex-start"
      style={{ borderBottom: '1px solid var(--emcee-line)' }}
    >
      <Group gap={8} w={110} wrap="nowrap">
        <StateDot tone={isKept ? 'ready' : 'late'} />
        <Text size="sm">{isKept ? 'Kept' : 'Broken'}</Text>
      </Group>
      <div className="grow">
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {says}
        </Text>
        {violations.map((violation) => (
          <ViolationLine key={violation.what} violation={violation} />
        ))}
      </div>
      <Text size="xs" c="dimmed">
        {broken === 0 ? 'never broken' : `broken ${broken === 1 ? 'once' : `${broken} times`}`}
      </Text>
    </Group>
  );
}

function ViolationLine({ violation: { what, item, since } }: { violation: SeenViolation }) {
  return (
    <Text size="sm" mt={4} className="break" role="alert">
      {what}, for <Elapsed since={since} size="sm" span />.{' '}
      {item === undefined ? null : (
        <Anchor href={`/board/#item/${item}`} size="sm">
          Show the work item
        </Anchor>
      )}
    </Text>
  );
}
