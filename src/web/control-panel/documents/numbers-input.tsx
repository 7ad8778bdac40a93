import { Group, Input, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useLive } from '#ui/live/use-live.ts';
import type { Field } from './field.ts';

export interface NumbersInputProps {
  readonly field: Extract<Field, { type: 'numbers' }>;
  readonly value: Record<string, number>;
  readonly problem: string | undefined;
  readonly onChange: (value: Record<string, number>) => void;
}

/** A number for each choice that is switched on. */
export function NumbersInput({ field, value, problem, onChange }: NumbersInputProps) {
  const { live } = useLive();
  const choices = field.choices(live.configuration);
  const set = (id: string, number: number | undefined): void => {
    const { [id]: _, ...others } = value;
    onChange(number === undefined ? others : { ...others, [id]: number });
  };
  return (
    <Input.Wrapper label={field.label} description={field.hint ?? ''} error={problem}>
      <Stack gap={6} mt={6}>
        {choices.length === 0 ? (
          <Text size="sm" c="dimmed">
            None is defined yet.
          </Text>
        ) : null}
        {choices.map(({ value: id, label }) => (
          <Group key={id} justify="space-between" h={34}>
            <Switch
              label={label}
              checked={value[id] !== undefined}
              onChange={({ currentTarget }) =>
                set(id, currentTarget.checked ? field.initial : undefined)
              }
            />
            {value[id] === undefined ? null : (
              <NumberInput
                aria-label={`${field.label}: ${label}`}
                size="xs"
                w={90}
                min={field.min}
                max={field.max}
                value={value[id]}
                onChange={(next) => set(id, Number(next))}
              />
            )}
          </Group>
        ))}
      </Stack>
    </Input.Wrapper>
  );
}
