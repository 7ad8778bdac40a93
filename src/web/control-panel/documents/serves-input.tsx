import { Input, MultiSelect, SegmentedControl, Stack } from '@mantine/core';
import type { Serves } from '#domain/configuration/documents.ts';
import { useLive } from '#ui/live/use-live.ts';
import { NumbersInput } from './numbers-input.tsx';

const BLANK: Readonly<Record<Serves['type'], Serves>> = {
  everyone: { type: 'everyone' },
  listed: { type: 'listed', agents: [] },
  skilled: { type: 'skilled', skills: {} },
  matching: { type: 'matching', must: { type: 'all', of: [] } },
};

/** Who serves a queue: everybody, those on a list, or those with skills. */
export function ServesInput({
  label,
  error,
  value,
  onChange,
}: {
  label: string;
  error?: string;
  value: Serves | undefined;
  onChange: (value: Serves) => void;
}) {
  const { live } = useLive();
  const serves = value ?? BLANK.everyone;
  return (
    <Input.Wrapper label={label} error={error}>
      <Stack gap="xs" mt={6}>
        <SegmentedControl
          aria-label={label}
          value={serves.type}
          onChange={(type) => onChange(BLANK[type])}
          data={[
            { value: 'everyone', label: 'Every agent' },
            { value: 'listed', label: 'Named agents' },
            { value: 'skilled', label: 'By skill' },
          ]}
        />
        {serves.type === 'listed' ? (
          <MultiSelect
            aria-label="Agents"
            data={[...live.configuration.all('agent')].map(([id, { name }]) => ({
              value: id,
              label: name,
            }))}
            value={serves.agents}
            onChange={(agents) => onChange({ type: 'listed', agents: agents })}
            searchable
            placeholder={serves.agents.length === 0 ? 'Choose agents' : ''}
          />
        ) : null}
        {serves.type === 'skilled' ? (
          <NumbersInput
            field={{
              type: 'numbers',
              path: 'serves.skills',
              label: 'Lowest levels',
              hint: 'An agent has all of these, each at this level or better.',
              choices: (configuration) =>
                [...configuration.all('skill')].map(([id, { name }]) => ({
                  value: id,
                  label: name,
                })),
              min: 1,
              max: 10,
              initial: 1,
            }}
            value={serves.skills as Record<string, number>}
            problem={undefined}
            onChange={(skills) => onChange({ type: 'skilled', skills: skills })}
          />
        ) : null}
      </Stack>
    </Input.Wrapper>
  );
}
