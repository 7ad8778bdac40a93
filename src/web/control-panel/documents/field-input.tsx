import { MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useLive } from '#ui/live/use-live.ts';
import type { Field } from './field.ts';
import { DaysInput, WeekInput } from './hours-input.tsx';
import { NumbersInput } from './numbers-input.tsx';
import { ServesInput } from './serves-input.tsx';

export interface FieldInputProps {
  readonly field: Field;
  readonly value: unknown;
  readonly problem: string | undefined;
  /** `undefined` takes the property away. */
  readonly onChange: (value: unknown) => void;
}

/** The input that fits a field. */
export function FieldInput({ field, value, problem, onChange }: FieldInputProps) {
  const { live } = useLive();
  const common = {
    label: field.label,
    ...(field.hint ? { description: field.hint } : {}),
    ...(field.required ? { required: true } : {}),
    ...(problem ? { error: problem } : {}),
  };
  const text = typeof value === 'string' ? value : '';
  switch (field.type) {
    case 'text':
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
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value || (field.required ? '' : undefined))
          }
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          maw={200}
          min={field.min}
          max={field.max}
          suffix={field.unit ? ` ${field.unit}` : ''}
          value={Number(value ?? 0)}
          onChange={(next) => onChange(Number(next))}
        />
      );
    case 'seconds':
      return (
        <NumberInput
          {...common}
          maw={200}
          min={field.min}
          max={field.max}
          suffix=" s"
          value={Number(value ?? 0) / 1_000}
          onChange={(next) => onChange(Math.round(Number(next) * 1_000))}
        />
      );
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
          data={field.choices(live.configuration)}
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
          data={field.choices(live.configuration)}
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
    case 'week':
      return <WeekInput {...common} value={value as never} onChange={onChange} />;
    case 'days':
      return <DaysInput {...common} value={(value as never) ?? []} onChange={onChange} />;
    case 'serves':
      return <ServesInput {...common} value={value as never} onChange={onChange} />;
  }
}
