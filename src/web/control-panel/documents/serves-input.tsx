import { Input, MultiSelect, SegmentedControl, Stack } from '@mantine/core';
import type { Serves } from '#domain/configuration/documents.ts';
import { useLive } from '#ui/live/use-live.ts';
import type { Expression } from '#domain/requirement/requirement.ts';
import { choicesOf } from './choices.ts';
import type { ProblemAt } from './field.ts';
import { NumbersInput } from './numbers-input.tsx';
import { EXAMPLE, RequirementInput } from './requirement-input.tsx';

/** As it is being edited: a requirement that is not written yet, or cannot be read, is a text. */
type Edited =
  | Exclude<Serves, { type: 'matching' }>
  | { readonly type: 'matching'; readonly must: Expression | string };

const BLANK: Readonly<Record<Serves['type'], Edited>> = {
  everyone: { type: 'everyone' },
  listed: { type: 'listed', agents: [] },
  skilled: { type: 'skilled', skills: {} },
  matching: { type: 'matching', must: '' },
};

/** Who serves a queue: everybody, those on a list, those with skills, or those who meet a requirement. */
export function ServesInput({
  label,
  path,
  value,
  problemAt,
  onChange,
}: {
  readonly label: string;
  readonly path: string;
  readonly value: Edited | undefined;
  readonly problemAt: ProblemAt;
  readonly onChange: (value: Edited) => void;
}) {
  const { live } = useLive();
  const serves = value ?? BLANK.everyone;
  return (
    <Input.Wrapper label={label} error={serves.type === 'matching' ? undefined : problemAt(path)}>
      <Stack gap="xs" mt={6}>
        <SegmentedControl
          aria-label={label}
          value={serves.type}
          onChange={(type) => onChange(BLANK[type])}
          data={[
            { value: 'everyone', label: 'Every agent' },
            { value: 'listed', label: 'Named agents' },
            { value: 'skilled', label: 'By skill' },
            { value: 'matching', label: 'By requirement' },
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
              choices: choicesOf('skill'),
              min: 1,
              max: 10,
              initial: 1,
            }}
            value={serves.skills as Record<string, number>}
            problem={undefined}
            onChange={(skills) => onChange({ type: 'skilled', skills: skills })}
          />
        ) : null}
        {serves.type === 'matching' ? (
          <RequirementInput
            label="Requirement"
            required
            example={EXAMPLE}
            value={serves.must}
            problem={problemAt(path)}
            onChange={(must) => onChange({ type: 'matching', must: must ?? '' })}
          />
        ) : null}
      </Stack>
    </Input.Wrapper>
  );
}
