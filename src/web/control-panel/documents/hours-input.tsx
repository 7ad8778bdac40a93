import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Schedule } from '#domain/configuration/documents.ts';

type Span = Schedule['week'][number][number];
type Day = Schedule['days'][number];

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

interface Common {
  readonly label: string;
  readonly description?: string;
  readonly error?: string;
}

/** The hours of each day of the week. */
export function WeekInput({
  value,
  onChange,
  ...wrapper
}: Common & { value: Span[][] | undefined; onChange: (value: Span[][]) => void }) {
  const week = value ?? WEEKDAYS.map(() => []);
  return (
    <Input.Wrapper {...wrapper}>
      <Stack gap={6} mt={6}>
        {WEEKDAYS.map((name, day) => (
          <Group key={name} align="flex-start" wrap="nowrap">
            <Text size="sm" w={96} pt={5}>
              {name}
            </Text>
            <SpansInput
              of={name}
              spans={week[day] ?? []}
              onChange={(spans) => onChange(week.map((old, at) => (at === day ? spans : old)))}
            />
          </Group>
        ))}
      </Stack>
    </Input.Wrapper>
  );
}

/** Dates whose hours differ from their weekday's. */
export function DaysInput({
  value,
  onChange,
  ...wrapper
}: Common & { value: Day[]; onChange: (value: Day[]) => void }) {
  const set = (at: number, change: Partial<Day>) =>
    onChange(value.map((day, n) => (n === at ? { ...day, ...change } : day)));
  return (
    <Input.Wrapper {...wrapper}>
      <Stack gap="sm" mt={6}>
        {value.map((day, at) => (
          <Group key={at} gap={6} align="flex-start" wrap="nowrap">
            <TextInput
              type="date"
              size="xs"
              aria-label="Date"
              value={day.date}
              onChange={({ currentTarget }) => set(at, { date: currentTarget.value })}
            />
            <TextInput
              size="xs"
              aria-label="Name of the day"
              placeholder="Name"
              value={day.name}
              onChange={({ currentTarget }) => set(at, { name: currentTarget.value })}
            />
            <SpansInput
              of={day.name || day.date}
              spans={day.spans}
              onChange={(spans) => set(at, { spans })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${day.name || day.date}`}
              onClick={() => onChange(value.filter((_, n) => n !== at))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, { date: '', name: '', spans: [] }])}
        >
          Day
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}

function SpansInput({
  of,
  spans,
  onChange,
}: {
  of: string;
  spans: readonly Span[];
  onChange: (spans: Span[]) => void;
}) {
  const set = (at: number, change: Partial<Span>) =>
    onChange(spans.map((span, n) => (n === at ? { ...span, ...change } : span)));
  return (
    <Stack gap={4}>
      {spans.map((span, at) => (
        <Group key={at} gap={6} wrap="nowrap">
          <TextInput
            size="xs"
            w={70}
            aria-label={`${of} from`}
            value={span.from}
            onChange={({ currentTarget }) => set(at, { from: currentTarget.value })}
          />
          <Text size="sm">–</Text>
          <TextInput
            size="xs"
            w={70}
            aria-label={`${of} to`}
            value={span.to}
            onChange={({ currentTarget }) => set(at, { to: currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove these hours of ${of}`}
            onClick={() => onChange(spans.filter((_, n) => n !== at))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group gap={6}>
        {spans.length === 0 ? (
          <Text size="sm" c="dimmed">
            Closed
          </Text>
        ) : null}
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => onChange([...spans, { from: '09:00', to: '17:00' }])}
        >
          Add hours
        </Button>
      </Group>
    </Stack>
  );
}
