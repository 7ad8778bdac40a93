import { channelName } from '#ui/channel-icon.tsx';
import { channels, choicesOf } from './choices.ts';
import { entryPointExtra } from './extras.tsx';
import type { Sheet } from './sheet.ts';

type Body = Readonly<Record<string, unknown>>;
const isChat = ({ channel }: Body): boolean => channel === 'web-chat';
const isMail = ({ channel }: Body): boolean => channel === 'email';
/** An entry point for each of these can be made. */
const OPEN: ReadonlySet<string> = new Set(['web-chat', 'email']);

export const entryPointSheet: Sheet<'entry-point'> = {
  kind: 'entry-point',
  title: 'Entry points',
  one: 'entry point',
  about: 'Where customers come in: a chat widget, or e-mail of some kind.',
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
      choices: () => channels().filter(({ value }) => OPEN.has(value)),
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
      type: 'choices',
      path: 'mail.mailboxes',
      label: 'Mail of these mailboxes',
      hint: 'None means any.',
      choices: choicesOf('mailbox'),
      when: isMail,
    },
    {
      type: 'choice',
      path: 'mail.acknowledgement',
      label: 'Answered by itself with',
      hint: 'At most once a day to each customer, and never to a machine. None: nothing is sent.',
      choices: choicesOf('mail-template'),
      when: isMail,
    },
    {
      type: 'lines',
      path: 'origins',
      label: 'Pages that may show it',
      hint: 'One origin a line, as https://www.example.org. None means any page.',
      when: isChat,
    },
    { type: 'long-text', path: 'treatment.greeting', label: 'Greeting', when: isChat },
    {
      type: 'long-text',
      path: 'treatment.closed',
      label: 'Text when nobody is there',
      when: isChat,
    },
    {
      type: 'long-text',
      path: 'treatment.consent',
      label: 'Consent asked before the first message',
      when: isChat,
    },
  ],
  sections: [
    {
      title: 'Which e-mails',
      about: 'Told apart by recipient, words or language. What is left empty holds for any.',
      fields: [
        {
          type: 'lines',
          path: 'mail.recipients',
          label: 'Sent to',
          hint: 'One a line: an address, @example.com, or support+*@example.com.',
          when: isMail,
        },
        {
          type: 'lines',
          path: 'mail.subject',
          label: 'In the subject',
          hint: 'A word or phrase a line; any of them will do.',
          when: isMail,
        },
        {
          type: 'lines',
          path: 'mail.keywords',
          label: 'In the subject or the text',
          hint: 'A word or phrase a line; any of them will do.',
          when: isMail,
        },
        {
          type: 'lines',
          path: 'mail.languages',
          label: 'Written in',
          hint: 'A language a line, as de or pt-BR.',
          when: isMail,
        },
        {
          type: 'number',
          path: 'mail.rank',
          label: 'Rank',
          hint: 'Entry points of a lower rank are looked at first.',
          min: 0,
          max: 999,
          empty: '500, as usual',
          when: isMail,
        },
      ],
    },
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
          type: 'duration',
          path: 'serviceObjective',
          label: 'Longest wait aimed at',
          hint: 'What is nearest to it, in proportion, is in greatest need.',
          unit: 's',
          min: 1,
          max: 2_592_000,
          empty: 'The queue’s',
        },
        {
          type: 'duration',
          path: 'serviceObjective',
          label: 'Longest wait aimed at',
          unit: 's',
          min: 1,
          max: 86_400,
          empty: 'The queue’s',
          when: isChat,
        },
        {
          type: 'duration',
          path: 'serviceObjective',
          label: 'Longest wait aimed at',
          unit: 'min',
          min: 1,
          max: 1_440,
          empty: 'The queue’s',
          when: isMail,
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
  extra: (id, body) => (isChat(body) ? entryPointExtra(id) : null),
};
