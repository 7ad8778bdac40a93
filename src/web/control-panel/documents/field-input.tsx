import {
  Autocomplete,
  MultiSelect,
  NumberInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useLive } from '#ui/live/use-live.ts';
import { AttributesInput } from './attributes-input.tsx';
import type { Field, ProblemAt } from './field.ts';
import { DaysInput, WeekInput } from './hours-input.tsx';
import { ListsInput } from './lists-input.tsx';
import { RichInput } from '../mail/rich-input.tsx';
import { VersionsInput } from '../mail/versions-input.tsx';
import { NumbersInput } from './numbers-input.tsx';
import { ServesInput } from './serves-input.tsx';
import { StepsInput } from './steps-input.tsx';

export interface FieldInputProps {
  readonly field: Field;
  readonly value: unknown;
  readonly problemAt: ProblemAt;
  /** `undefined` takes the property away. */
  readonly onChange: (value: unknown) => void;
}

const MILLISECONDS = { s: 1_000, min: 60_000 } as const;
const MEGABYTE = 1_048_576;

function unitOf(field: Extract<Field, { type: 'number' | 'size' | 'duration' }>) {
  switch (field.type) {
    case 'number':
      return { unit: field.unit ?? '', size: 1 };
    case 'size':
      return { unit: 'MB', size: MEGABYTE };
    case 'duration':
      return { unit: field.unit, size: MILLISECONDS[field.unit] };
  }
}

const CODE = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } };

/** The input that fits a field. */
export function FieldInput({ field, value, problemAt, onChange }: FieldInputProps) {
  const { live } = useLive();
  const problem = problemAt(field.path);
  const common = {
    label: field.label,
    ...(field.hint ? { description: field.hint } : {}),
    ...(field.required ? { required: true } : {}),
    ...(problem ? { error: problem } : {}),
  };
  const text = typeof value === 'string' ? value : '';
  switch (field.type) {
    case 'text':
      if (field.suggestions) {
        return (
          <Autocomplete
            {...common}
            data={[...new Set(field.suggestions(live.configuration))]}
            value={text}
            placeholder={field.placeholder ?? ''}
            onChange={(next) => onChange(next || (field.required ? '' : undefined))}
          />
        );
      }
      return (
        <TextInput
          {...common}
          value={text}
          placeholder={field.placeholder ?? ''}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value || (field.required ? '' : undefined))
          }
        />
      );
    case 'long-text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          value={text}
          {...(field.isCode && { styles: CODE, spellCheck: false })}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value || (field.required ? '' : undefined))
          }
        />
      );
    case 'rich':
      return <RichInput {...common} value={text} onChange={onChange} />;
    case 'number':
    case 'size':
    case 'duration': {
      const { min, max, empty } = field;
      const { unit, size } = unitOf(field);
      return (
        <NumberInput
          {...common}
          styles={{ wrapper: { maxWidth: empty === undefined ? 200 : 320 } }}
          min={min}
          max={max}
          suffix={unit && ` ${unit}`}
          placeholder={empty ?? ''}
          value={value === undefined && empty !== undefined ? '' : Number(value ?? 0) / size}
          onChange={(next) =>
            onChange(
              next === '' && empty !== undefined ? undefined : Math.round(Number(next) * size),
            )
          }
        />
      );
    }
    case 'switch':
      return (
        <Switch
          {...common}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={[...field.choices(live.configuration)]}
          value={text || null}
          clearable={!field.required}
          allowDeselect={!field.required}
          searchable
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={[...field.choices(live.configuration)]}
          value={(value as string[] | undefined) ?? []}
          searchable
          clearable
          onChange={onChange}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          placeholder={field.placeholder ?? ''}
          defaultValue={((value as string[] | undefined) ?? []).join('\n')}
          onChange={({ currentTarget }) =>
            onChange(
              currentTarget.value
                .split('\n')
                .map((line) => line.trim())
                .filter(Boolean),
            )
          }
        />
      );
    case 'numbers':
      return (
        <NumbersInput
          field={field}
          value={(value as Record<string, number> | undefined) ?? {}}
          problem={problem}
          onChange={onChange}
        />
      );
    case 'lists':
      return (
        <ListsInput
          field={field}
          value={(value as Record<string, string[]> | undefined) ?? {}}
          problemAt={problemAt}
          onChange={onChange}
        />
      );
    case 'attributes':
      return (
        <AttributesInput
          {...common}
          value={(value as Record<string, string> | undefined) ?? {}}
          onChange={onChange}
        />
      );
    case 'steps':
      return (
        <StepsInput
          {...common}
          path={field.path}
          empty={field.empty}
          value={(value as never) ?? []}
          problemAt={problemAt}
          onChange={onChange}
        />
      );
    case 'week':
      return <WeekInput {...common} value={value as never} onChange={onChange} />;
    case 'days':
      return <DaysInput {...common} value={(value as never) ?? []} onChange={onChange} />;
    case 'versions':
      return (
        <VersionsInput
          {...common}
          path={field.path}
          value={(value as never) ?? []}
          problemAt={problemAt}
          onChange={onChange}
        />
      );
    case 'serves':
      return (
        <ServesInput
          label={field.label}
          path={field.path}
          value={value as never}
          problemAt={problemAt}
          onChange={onChange}
        />
      );
  }
}
