import { Box, Button, Input, Menu, Text } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import type { Editor } from '@tiptap/react';
import { useState } from 'react';
import {
  TEMPLATE_FIELDS,
  unknownFields,
  type TemplateField,
} from '#domain/email/template-fields.ts';
import { RichText } from '#ui/email/rich-text.tsx';
import { tellFailure } from '#ui/tell.ts';
import { ApiFailure } from '#ui/api-client.ts';

/** What stands for each field when an e-mail is begun. */
const MEANINGS: Readonly<Record<TemplateField, string>> = {
  'customer.name': 'The customer’s name, else their address',
  'customer.address': 'The customer’s e-mail address',
  'agent.name': 'The name of the agent who writes',
  'agent.email': 'The agent’s own e-mail address',
  'queue.name': 'The queue’s name',
  'mailbox.name': 'The name of the mailbox',
  'mailbox.address': 'The address that it is sent from',
  'organisation.name': 'The name of your organisation',
  subject: 'The subject of the conversation',
  date: 'The date, in the customer’s language',
};

/** A formatted text with fields that are filled in when it is used. */
export function RichInput({
  label,
  description,
  error,
  required,
  value,
  onChange,
}: {
  readonly label: string;
  readonly description?: string;
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** HTML; what is changed from outside afterwards is not shown. */
  readonly value: string;
  readonly onChange: (html: string) => void;
}) {
  const [editor, setEditor] = useState<Editor | null>(null);
  const unknown = unknownFields(value);
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      required={required ?? false}
      labelElement="div"
    >
      <Box mt={6}>
        <RichText
          label={label}
          tools={
            <FieldMenu
              onChoose={(field) => editor?.chain().focus().insertContent(`{{${field}}}`).run()}
            />
          }
          initial={value}
          onChange={(html) => onChange(editor?.isEmpty === true ? '' : html)}
          onReady={setEditor}
          onFiles={() =>
            tellFailure(new ApiFailure('no-pictures', 'Pictures cannot be kept in templates.', 0))
          }
          onExpand={() => false}
        />
      </Box>
      {unknown.length > 0 ? (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" role="status">
          {unknown.map((name) => `{{${name}}}`).join(', ')}
          {unknown.length === 1 ? ' is no field' : ' are no fields'}: customers would see it as it
          stands.
        </Text>
      ) : null}
    </Input.Wrapper>
  );
}

/** The fields there are, with what stands for each. */
function FieldMenu({ onChoose }: { readonly onChoose: (field: TemplateField) => void }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconBraces size={14} />}>
          Insert a field
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {TEMPLATE_FIELDS.map((field) => (
          <Menu.Item key={field} onClick={() => onChoose(field)}>
            <Text size="sm">{MEANINGS[field]}</Text>
            <Text size="xs" c="dimmed" ff="monospace">{`{{${field}}}`}</Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
