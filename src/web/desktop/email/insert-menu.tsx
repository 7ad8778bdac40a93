import { Button, Combobox, Kbd, ScrollArea, Text, useCombobox } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import type { Insertable } from './insertable.ts';

/** Finds a template or a canned text by name, place or key. */
export function InsertMenu({
  all,
  onChoose,
}: {
  all: readonly Insertable[];
  onChoose: (chosen: Insertable) => void;
}) {
  const [typed, setTyped] = useState('');
  const menu = useCombobox({
    onDropdownClose: () => setTyped(''),
    onDropdownOpen: () => menu.focusSearchInput(),
  });
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ name, key, path }) => {
    const about = `${path} ${name} /${key}`.toLowerCase();
    return words.every((word) => about.includes(word));
  });
  const groups = Map.groupBy(found, ({ path }) => path);
  if (all.length === 0) return null;
  return (
    <Combobox
      store={menu}
      width={320}
      position="top-start"
      onOptionSubmit={(id) => {
        const chosen = all.find((each) => each.id === id);
        if (chosen) onChoose(chosen);
        menu.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTemplate size={14} />}
          onClick={() => menu.toggleDropdown()}
        >
          Insert
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label="Find a text"
          placeholder="Find a text"
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            menu.selectFirstOption();
          }}
        />
        <Combobox.Options>
          <ScrollArea.Autosize mah={280}>
            {found.length === 0 ? <Combobox.Empty>Nothing fits.</Combobox.Empty> : null}
            {[...groups].map(([path, texts]) => (
              <Combobox.Group key={path} label={path.replaceAll('/', ' › ') || undefined}>
                {texts.map(({ id, name, key }) => (
                  <Combobox.Option key={id} value={id}>
                    <Text size="sm" span>
                      {name}
                    </Text>{' '}
                    {key ? <Kbd size="xs">/{key}</Kbd> : null}
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            ))}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
