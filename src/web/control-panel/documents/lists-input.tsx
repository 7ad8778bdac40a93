import { Group, Input, MultiSelect, Stack, Text } from '@mantine/core';
import { useLive } from '#ui/live/use-live.ts';
import type { Field, ProblemAt } from './field.ts';

type Lists = Readonly<Record<string, readonly string[]>>;

/** For each of the choices, some of the others. */
export function ListsInput({
  field,
  value,
  problemAt,
  onChange,
}: {
  readonly field: Extract<Field, { type: 'lists' }>;
  readonly value: Lists;
  readonly problemAt: ProblemAt;
  readonly onChange: (value: Lists) => void;
}) {
  const { live } = useLive();
  const choices = field.choices(live.configuration);
  const set = (id: string, list: readonly string[]): void => {
    const { [id]: _, ...others } = value;
    onChange(list.length === 0 ? others : { ...others, [id]: list });
  };
  return (
    <Input.Wrapper label={field.label} description={field.hint}>
      <Stack gap={6} mt={6}>
        {choices.map(({ value: id, label }) => (
          <Group key={id} wrap="nowrap" align="flex-start">
            <Text size="sm" w={120} pt={5}>
              {label}
            </Text>
            <MultiSelect
              className="grow"
              size="xs"
              aria-label={`${field.label}: ${label}`}
              placeholder={(value[id] ?? []).length === 0 ? 'Nothing' : ''}
              data={choices.filter((choice) => choice.value !== id)}
              value={[...(value[id] ?? [])]}
              error={problemAt(`${field.path}.${id}`)}
              onChange={(list) => set(id, list)}
            />
          </Group>
        ))}
      </Stack>
    </Input.Wrapper>
  );
}
