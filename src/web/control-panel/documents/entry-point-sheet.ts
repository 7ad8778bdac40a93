import { channelName } from '#ui/channel-icon.tsx';
import { channels, choicesOf } from './choices.ts';
import { entryPointExtra } from './extras.tsx';
import type { Sheet } from './sheet.ts';

export const entryPointSheet: Sheet<'entry-point'> = {
  kind: 'entry-point',
  title: 'Entry points',
  one: 'entry point',
  about: 'Where customers come in: each chat widget is one.',
  columns: [
    { name: 'Channel', show: ({ channel }) => channelName(channel) },
    { name: 'Queue', show: ({ queue }, configuration) => configuration.nameOf('queue', queue) },
    {
      name: 'Hours',
      show: ({ schedule }, configuration) =>
        schedule ? configuration.nameOf('schedule', schedule) : 'Always',
    },
  ],
  blank: (configuration) => ({
    name: '',
    channel: 'web-chat',
    queue: [...configuration.all('queue').keys()][0],
    origins: [],
    treatment: {},
  }),
  fields: [
    { type: 'text', path: 'name', label: 'Name', required: true },
    {
      type: 'choice',
      path: 'channel',
      label: 'Channel',
      required: true,
      choices: () => channels().filter(({ value }) => value === 'web-chat'),
    },
    { type: 'choice', path: 'queue', label: 'Queue', required: true, choices: choicesOf('queue') },
    {
      type: 'choice',
      path: 'schedule',
      label: 'Opening hours',
      hint: 'None means always open.',
      choices: choicesOf('schedule'),
    },
    {
      type: 'lines',
      path: 'origins',
      label: 'Pages that may show it',
      hint: 'One origin a line, as https://www.example.org. None means any page.',
    },
    { type: 'long-text', path: 'treatment.greeting', label: 'Greeting' },
    { type: 'long-text', path: 'treatment.closed', label: 'Text when nobody is there' },
    {
      type: 'long-text',
      path: 'treatment.consent',
      label: 'Consent asked before the first message',
    },
  ],
  sections: [
    {
      title: 'Routing',
      about: 'What contacts that come in here ask for.',
      fields: [
        {
          type: 'number',
          path: 'priority',
          label: 'Priority',
          hint: '0 is most urgent, 9 least.',
          min: 0,
          max: 9,
          empty: 'The queue’s',
        },
        {
          type: 'steps',
          path: 'requirements',
          label: 'What contacts ask for',
          empty: 'What the queue asks for.',
          hint: 'Of the agents who serve the queue.',
        },
      ],
    },
  ],
  extra: entryPointExtra,
};
