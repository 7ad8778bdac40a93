import { Autocomplete, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { describeExpression } from '#domain/requirement/describe.ts';
import { meets } from '#domain/requirement/meets.ts';
import { parseExpression } from '#domain/requirement/parse.ts';
import { printExpression } from '#domain/requirement/print.ts';
import type { Expression } from '#domain/requirement/requirement.ts';
import { useLive } from '#ui/live/use-live.ts';
import { choicesOf } from './choices.ts';
import { suggest, type Nameable } from './suggestions.ts';

export interface RequirementInputProps {
  readonly label: string;
  readonly hint?: string;
  /** Shown while it is empty. */
  readonly example?: string;
  readonly required?: boolean;
  /** A text is what was typed and cannot be read: the server refuses it. */
  readonly value: Expression | string | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: Expression | string | undefined) => void;
}

/** What may be written, for who has not seen it. */
export const EXAMPLE = 'french>=5 and (sales or billing) and site: berlin | paris';

/** A requirement as text. What it means is said below it, or what is wrong with it once it is left. */
export function RequirementInput(props: RequirementInputProps) {
  const { label, hint, example = '', required = false, value, problem, onChange } = props;
  const { live } = useLive();
  const [text, setText] = useState(() =>
    typeof value === 'string' ? value : value ? printExpression(value) : '',
  );
  const [isHere, setHere] = useState(false);
  const read = readText(text, live.configuration);
  const suggestions = suggest(text, nameableIn(live.configuration));
  const wrong = text.trim() === '' ? problem : read.type === 'wrong' ? read.message : problem;
  const change = (next: string): void => {
    setText(next);
    const parsed = parseExpression(next);
    if (next.trim() === '') onChange(undefined);
    else onChange(parsed.type === 'parsed' ? parsed.expression : next);
  };
  return (
    <div>
      <Autocomplete
        label={label}
        description={hint}
        required={required}
        placeholder={example}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={change}
        onFocus={() => setHere(true)}
        onBlur={() => setHere(false)}
        error={isHere ? undefined : wrong}
        data={suggestions.map((each) => each.text)}
        filter={({ options }) => options}
        renderOption={({ option }) => {
          const suggestion = suggestions.find((each) => each.text === option.value);
          return (
            <Group justify="space-between" wrap="nowrap" w="100%">
              <Text size="sm" className="break">
                {suggestion?.word}
              </Text>
              <Text size="xs" c="dimmed" className="break">
                {suggestion?.about}
              </Text>
            </Group>
          );
        }}
      />
      {isHere && wrong !== undefined ? (
        <Text size="xs" c="dimmed" mt={4}>
          {wrong}
        </Text>
      ) : null}
      {read.type === 'means' ? (
        <Text size="xs" c="dimmed" mt={4} className="break" aria-live="polite">
          {read.words}
        </Text>
      ) : null}
    </div>
  );
}

type Reading =
  | { readonly type: 'nothing' }
  | { readonly type: 'means'; readonly words: string }
  | { readonly type: 'wrong'; readonly message: string };

function readText(text: string, configuration: Configuration): Reading {
  if (text.trim() === '') return { type: 'nothing' };
  const parsed = parseExpression(text);
  if (parsed.type === 'refused') {
    const rest = text.slice(parsed.at).trim();
    const place =
      rest === '' ? 'at the end' : `at “${rest.slice(0, 20)}${rest.length > 20 ? '…' : ''}”`;
    return { type: 'wrong', message: `${parsed.message}, ${place}.` };
  }
  const { expression } = parsed;
  const unknown = skillsIn(expression).find((id) => !configuration.has('skill', id));
  if (unknown !== undefined)
    return { type: 'wrong', message: `There is no skill “${unknown}” in use.` };
  const agents = [...configuration.all('agent').values()];
  const able = agents.filter((agent) => meets(agent, expression)).length;
  const words = describeExpression(expression, {
    skill: (id) => configuration.nameOf('skill', id as never),
    attribute: (id) => id,
  });
  return { type: 'means', words: `${words}. ${able} of ${agents.length} agents.` };
}

const skillsIn = (expression: Expression): string[] => {
  if (expression.type === 'skill') return [expression.skill];
  return expression.type === 'attribute' ? [] : expression.of.flatMap(skillsIn);
};

function nameableIn(configuration: Configuration): Nameable {
  const attributes = new Map<string, Set<string>>();
  for (const agent of configuration.all('agent').values()) {
    for (const [name, value] of Object.entries(agent.attributes)) {
      let values = attributes.get(name);
      if (!values) attributes.set(name, (values = new Set()));
      if (value !== undefined) values.add(value);
    }
  }
  return { skills: choicesOf('skill')(configuration), attributes };
}
