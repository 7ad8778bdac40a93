import {
  Box,
  Button,
  Combobox,
  Group,
  Kbd,
  ScrollArea,
  Text,
  Textarea,
  useCombobox,
} from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { MESSAGE_BYTES } from '#domain/message.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { chooseCannedTexts } from './canned-texts.ts';
import classes from './conversation.module.css';

/** How often the customer is told that the agent is typing. */
const TYPING_EVERY = 3_000;

/** The field an agent writes in. Enter sends, Shift+Enter breaks the line, a slash finds canned texts. Drafts are kept. */
export function Composer({ item, onSend }: { item: OpenWorkItem; onSend: (text: string) => void }) {
  const { live } = useLive();
  const draftKey = `emcee.draft.${item.conversation}`;
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey) ?? '');
  const field = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  const choices = useCombobox();
  const canned = chooseCannedTexts(live.configuration.all('canned-text'), item.queue, text);
  const isChoosing = canned.length > 0;
  const bytes = new TextEncoder().encode(text).length;
  const isTooLong = bytes > MESSAGE_BYTES;

  useEffect(() => {
    if (text) sessionStorage.setItem(draftKey, text);
    else sessionStorage.removeItem(draftKey);
  }, [draftKey, text]);
  useEffect(() => {
    if (isChoosing) {
      choices.openDropdown();
      choices.selectFirstOption();
    } else choices.closeDropdown();
    // The list follows the text; `choices` is new at every render.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isChoosing, text]);

  const tellTyping = (typing: boolean): void => {
    if (typing && Date.now() - told.current < TYPING_EVERY) return;
    told.current = typing ? Date.now() : 0;
    // A sign of the moment: when it is lost, the next one comes soon.
    void server.typing({ params: { id: item.conversation }, body: { typing } }).catch(() => {});
  };
  const send = (): void => {
    const message = text.trim();
    if (!message || isTooLong) return;
    onSend(message);
    setText('');
    tellTyping(false);
    field.current?.focus();
  };

  return (
    <Box className={classes.composer} p="md">
      <Combobox
        store={choices}
        position="top-start"
        onOptionSubmit={(id) => {
          setText(live.configuration.get('canned-text', id)?.text ?? '');
          field.current?.focus();
        }}
      >
        <Combobox.Target>
          <Textarea
            ref={field}
            aria-label="Message"
            placeholder="Write a message, or / for canned texts"
            autosize
            minRows={2}
            maxRows={10}
            value={text}
            error={
              isTooLong
                ? `A message has at most ${MESSAGE_BYTES / 1024} kB; this one has ${Math.ceil(bytes / 1024)} kB.`
                : undefined
            }
            onChange={({ currentTarget }) => {
              setText(currentTarget.value);
              tellTyping(currentTarget.value !== '');
            }}
            onKeyDown={(event) => {
              if (
                event.key !== 'Enter' ||
                event.shiftKey ||
                event.nativeEvent.isComposing ||
                isChoosing
              )
                return;
              event.preventDefault();
              send();
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={!isChoosing}>
          <Combobox.Options>
            <ScrollArea.Autosize mah={260}>
              {canned.map(([id, { name, key, text: body }]) => (
                <Combobox.Option key={id} value={id}>
                  <Text size="sm" fw={500}>
                    {name} {key ? <Kbd size="xs">/{key}</Kbd> : null}
                  </Text>
                  <Text size="xs" opacity={0.85} lineClamp={1}>
                    {body}
                  </Text>
                </Combobox.Option>
              ))}
            </ScrollArea.Autosize>
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <Group justify="space-between" mt={8}>
        <Text size="xs" c="dimmed">
          <Kbd size="xs">Enter</Kbd> sends, <Kbd size="xs">Shift</Kbd> + <Kbd size="xs">Enter</Kbd>{' '}
          begins a new line
        </Text>
        <Button
          size="sm"
          rightSection={<IconSend size={16} />}
          disabled={!text.trim() || isTooLong}
          onClick={send}
        >
          Send
        </Button>
      </Group>
    </Box>
  );
}
