import { Accordion, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Field } from './field.ts';
import type { Section } from './sheet.ts';

export interface SectionsProps {
  readonly sections: readonly Section[];
  /** How many fields of a section are not as usual. */
  readonly countSet: (section: Section) => number;
  /** Where something is wrong stands open. */
  readonly hasProblem: (section: Section) => boolean;
  readonly inputOf: (field: Field) => ReactNode;
  /** The level of their headings. */
  readonly order: 2 | 3;
}

/** Fields that most people never change, each group behind a heading that says whether somebody did. */
export function Sections({ sections, countSet, hasProblem, inputOf, order }: SectionsProps) {
  const [opened, setOpened] = useState<readonly string[]>([]);
  if (sections.length === 0) return null;
  const wrong = sections.filter(hasProblem).map(nameOf);
  return (
    <Accordion
      multiple
      order={order}
      chevronPosition="left"
      value={[...new Set([...opened, ...wrong])]}
      onChange={setOpened}
    >
      {sections.map((section) => {
        const count = countSet(section);
        return (
          <Accordion.Item key={section.title} value={nameOf(section)}>
            <Accordion.Control>
              <Group justify="space-between" wrap="nowrap" pe="xs">
                <div>
                  <Text size="sm" fw={500}>
                    {section.title}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {section.about}
                  </Text>
                </div>
                {count > 0 ? (
                  <Text size="xs" c="dimmed" className="whole">
                    {count} set
                  </Text>
                ) : null}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack pt="xs">{section.fields.map(inputOf)}</Stack>
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}

/** Part of an element's id, in which no space may be. */
const nameOf = ({ title }: Section): string => title.replaceAll(' ', '-');
