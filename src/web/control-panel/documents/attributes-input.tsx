import { ActionIcon, Autocomplete, Button, Group, Input, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useLive } from '#ui/live/use-live.ts';

type Row = readonly [name: string, value: string];

/** Names and values, one pair a row. Rows without a name are not kept. */
export function AttributesInput({
  value,
  onChange,
  ...wrapper
}: {
  readonly label: string;
  readonly description?: string;
  readonly error?: string;
  readonly value: Readonly<Record<string, string>>;
  readonly onChange: (value: Record<string, string>) => void;
}) {
  const { live } = useLive();
  const [rows, setRows] = useState<readonly Row[]>(() => Object.entries(value));
  const known = [...live.configuration.all('agent').values()].flatMap(({ attributes }) =>
    Object.entries(attributes),
  );
  const change = (next: readonly Row[]): void => {
    setRows(next);
    onChange(Object.fromEntries(next.filter(([name]) => name !== '')));
  };
  const set = (at: number, row: Row): void => change(rows.map((old, n) => (n === at ? row : old)));
  return (
    <Input.Wrapper {...wrapper}>
      <Stack gap={6} mt={6}>
        {rows.map(([name, text], at) => (
          <Group key={at} gap={6} wrap="nowrap">
            <Autocomplete
              className="grow"
              size="xs"
              aria-label={`Attribute ${at + 1}`}
              placeholder="site"
              data={[...new Set(known.map(([each]) => each))]}
              value={name}
              onChange={(next) => set(at, [next.trim().toLowerCase(), text])}
            />
            <Autocomplete
              className="grow"
              size="xs"
              aria-label={`Value of ${name || `attribute ${at + 1}`}`}
              placeholder="berlin"
              data={[
                ...new Set(known.filter(([each]) => each === name).map(([, each]) => each ?? '')),
              ]}
              value={text}
              onChange={(next) => set(at, [name, next])}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${name || `attribute ${at + 1}`}`}
              onClick={() => change(rows.filter((_, n) => n !== at))}
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
          onClick={() => change([...rows, ['', '']])}
        >
          Attribute
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
