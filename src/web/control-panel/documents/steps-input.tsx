import { ActionIcon, Button, Group, Input, NumberInput, Paper, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Expression } from '#domain/requirement/requirement.ts';
import type { ProblemAt } from './field.ts';
import { EXAMPLE, RequirementInput } from './requirement-input.tsx';

/** A step as it is being edited: a text is a requirement that cannot be read yet. */
interface Step {
  readonly after: number;
  readonly requirement: {
    readonly must?: Expression | string | undefined;
    readonly preferred?: Expression | string | undefined;
  };
}

export interface StepsInputProps {
  readonly label: string;
  readonly description?: string;
  readonly path: string;
  /** Said where there is no step. */
  readonly empty: string;
  readonly value: readonly Step[];
  readonly problemAt: ProblemAt;
  /** Nothing where no step is left. */
  readonly onChange: (value: readonly Step[] | undefined) => void;
}

/** A further step begins so long after the one before, in milliseconds. */
const LATER = 30_000;

/** What is asked for from the start, and what after a while instead. */
export function StepsInput(props: StepsInputProps) {
  const { label, description, path, empty, value, problemAt } = props;
  const onChange = (steps: readonly Step[]): void =>
    props.onChange(steps.length === 0 ? undefined : steps);
  const set = (at: number, step: Step): void =>
    onChange(value.map((old, n) => (n === at ? step : old)));
  const remove = (at: number): void =>
    onChange(
      value.filter((_, n) => n !== at).map((step, n) => (n === 0 ? { ...step, after: 0 } : step)),
    );
  const add = (): void => {
    const last = value.at(-1);
    onChange([...value, { after: last ? last.after + LATER : 0, requirement: {} }]);
  };
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={ownProblem(path, problemAt, value)}
    >
      <Stack gap="xs" mt={6}>
        {value.length === 0 ? (
          <Text size="sm" c="dimmed">
            {empty}
          </Text>
        ) : null}
        {value.map((step, at) => (
          <Paper key={at} withBorder p="sm" role="group" aria-label={`${label}, step ${at + 1}`}>
            <Stack gap="xs">
              <Group justify="space-between" wrap="nowrap" h={30}>
                {at === 0 ? (
                  <Text size="sm" fw={500}>
                    From the start
                  </Text>
                ) : (
                  <Group gap={6} wrap="nowrap">
                    <Text size="sm" fw={500}>
                      After
                    </Text>
                    <NumberInput
                      aria-label={`Step ${at + 1} begins after`}
                      size="xs"
                      w={100}
                      min={1}
                      max={604_800}
                      suffix=" s"
                      value={step.after / 1_000}
                      onChange={(next) =>
                        set(at, { ...step, after: Math.round(Number(next) * 1_000) })
                      }
                    />
                    <Text size="sm">instead</Text>
                  </Group>
                )}
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove step ${at + 1}`}
                  onClick={() => remove(at)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
              {(['must', 'preferred'] as const).map((part) => (
                <RequirementInput
                  key={part}
                  label={part === 'must' ? 'Must' : 'Preferred'}
                  hint={
                    part === 'must'
                      ? 'Left empty: any agent who serves the queue.'
                      : 'Who meets this comes first; it keeps nobody out.'
                  }
                  example={part === 'must' ? EXAMPLE : ''}
                  value={step.requirement[part]}
                  problem={problemAt(`${path}.${at}.requirement.${part}`)}
                  onChange={(next) => {
                    const { [part]: _, ...others } = step.requirement;
                    const requirement = next === undefined ? others : { ...others, [part]: next };
                    set(at, { ...step, requirement });
                  }}
                />
              ))}
            </Stack>
          </Paper>
        ))}
        {value.length < 10 ? (
          <Button
            variant="subtle"
            size="compact-sm"
            w="fit-content"
            leftSection={<IconPlus size={14} />}
            onClick={add}
          >
            {value.length === 0 ? 'Ask for something' : 'Ask for something else later'}
          </Button>
        ) : null}
      </Stack>
    </Input.Wrapper>
  );
}

/** What is wrong with the steps as such, and not with what one of them asks for. */
function ownProblem(
  path: string,
  problemAt: ProblemAt,
  steps: readonly Step[],
): string | undefined {
  const inner = steps.some((_, at) =>
    ['must', 'preferred'].some((part) => problemAt(`${path}.${at}.requirement.${part}`)),
  );
  return inner ? undefined : problemAt(path);
}
