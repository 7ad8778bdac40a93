import { Stack, Text, Title } from '@mantine/core';
import { useLive } from '#ui/live/use-live.ts';
import { choicesOf } from '../documents/choices.ts';
import type { Sheet } from '../documents/sheet.ts';
import { languageName } from './languages.ts';

/** What e-mails begin as. */
export const mailTemplateSheet: Sheet<'mail-template'> = {
  kind: 'mail-template',
  title: 'E-mail templates',
  one: 'template',
  about: 'What agents begin an e-mail with, and what answers by itself.',
  columns: [
    { name: 'Key', show: ({ key }) => (key ? `/${key}` : '') },
    {
      name: 'Languages',
      show: ({ versions }) => versions.map(({ language }) => languageName(language)).join(', '),
    },
    {
      name: 'Queues',
      show: ({ queues }, configuration) =>
        queues.map((queue) => configuration.nameOf('queue', queue)).join(', ') || 'All',
    },
  ],
  placeOf: ({ path }) => path,
  blank: (configuration) => ({
    name: '',
    path: '',
    key: '',
    versions: [
      {
        language: configuration.get('organisation', 'organisation')?.language ?? 'en',
        subject: '',
        html: '',
      },
    ],
  }),
  fields: [
    { type: 'text', path: 'name', label: 'Name', required: true },
    {
      type: 'text',
      path: 'path',
      label: 'Place in the tree',
      hint: 'As Returns/Broken. Left empty: at the top.',
      suggestions: (configuration) =>
        [...configuration.all('mail-template').values()].map(({ path }) => path).filter(Boolean),
    },
    {
      type: 'text',
      path: 'key',
      label: 'Key',
      hint: 'Agents insert it by typing a slash and this.',
    },
    { type: 'versions', path: 'versions', label: 'Texts' },
    {
      type: 'choices',
      path: 'queues',
      label: 'Only for these queues',
      hint: 'None means all.',
      choices: choicesOf('queue'),
    },
  ],
  extra: (id) => <Uses template={id} />,
};

/** Where a template answers by itself. */
function Uses({ template }: { readonly template: string }) {
  const { live } = useLive();
  const uses = [...live.configuration.all('entry-point').values()].filter(
    ({ mail }) => mail?.acknowledgement === template,
  );
  return (
    <Stack gap={4}>
      <Title order={2} fz="md">
        Answers by itself
      </Title>
      <Text size="sm" c="dimmed" className="break">
        {uses.length === 0
          ? 'Nowhere. An entry point for e-mail can send it as its acknowledgement.'
          : `Of what comes in by ${uses.map(({ name }) => `“${name}”`).join(', ')}.`}
      </Text>
    </Stack>
  );
}
