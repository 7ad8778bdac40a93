import type { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import { CHANNELS } from '#domain/ids.ts';
import { channelName } from '#ui/channel-icon.tsx';
import { agentExtra, entryPointExtra, integrationExtra, webhookExtra } from './extras.tsx';
import type { Choice } from './field.ts';
import { servedBy } from './served-by.ts';
import type { Sheet } from './sheet.ts';

const choicesOf =
  (kind: 'queue' | 'skill' | 'schedule' | 'agent') =>
  (configuration: Configuration): Choice[] =>
    [...configuration.all(kind)].map(([value, { name }]) => ({ value, label: name }));

const ROLES = [
  { value: 'agent', label: 'Agent' },
  { value: 'supervisor', label: 'Supervisor' },
  { value: 'administrator', label: 'Administrator' },
];
const CODE_USES = [
  { value: 'work', label: 'Closing a contact' },
  { value: 'not-ready', label: 'Not being ready' },
  { value: 'decline', label: 'Declining an offer' },
];
const channels = () => CHANNELS.map((value) => ({ value, label: channelName(value) }));
const nameField = { type: 'text', path: 'name', label: 'Name', required: true } as const;
const queuesField = {
  type: 'choices',
  path: 'queues',
  label: 'Only for these queues',
  hint: 'None means all.',
  choices: choicesOf('queue'),
} as const;
const roleNames = (roles: readonly string[]) =>
  roles.map((role) => ROLES.find(({ value }) => value === role)?.label ?? role).join(', ');
const labelOf = (choices: readonly Choice[], value: string) =>
  choices.find((c) => c.value === value)?.label ?? value;

/** Every kind of document an administrator edits. */
export const SHEETS: { readonly [K in DocumentKind]: Sheet<K> } = {
  organisation: {
    kind: 'organisation',
    title: 'Organisation',
    one: 'organisation',
    about: 'Who you are, and where your days begin.',
    single: 'organisation',
    columns: [],
    blank: () => ({ name: '', language: 'en', timeZone: 'UTC' }),
    fields: [
      nameField,
      {
        type: 'text',
        path: 'language',
        label: 'Language',
        hint: 'As "en" or "de".',
        required: true,
      },
      {
        type: 'text',
        path: 'timeZone',
        label: 'Time zone',
        hint: 'As "Europe/Berlin". Days in figures begin and end here.',
        required: true,
      },
      {
        type: 'seconds',
        path: 'vanishGrace',
        label: 'Patience with a lost browser',
        hint: 'How long an agent’s browser may be gone before their work moves on.',
        min: 5,
        max: 600,
      },
    ],
  },
  agent: {
    kind: 'agent',
    title: 'Agents',
    one: 'agent',
    about: 'People who sign in: agents, supervisors, administrators.',
    columns: [
      { name: 'Login', show: (agent) => agent.login },
      { name: 'Roles', show: (agent) => roleNames(agent.roles) },
      {
        name: 'Skills',
        show: ({ skills }, configuration) =>
          Object.entries(skills)
            .map(([skill, level]) => `${configuration.nameOf('skill', skill as never)} ${level}`)
            .join(', '),
      },
    ],
    blank: () => ({
      name: '',
      login: '',
      roles: ['agent'],
      skills: {},
      capacity: { 'web-chat': 3, task: 1 },
    }),
    fields: [
      nameField,
      { type: 'text', path: 'login', label: 'Login', required: true },
      { type: 'text', path: 'email', label: 'E-mail' },
      { type: 'choices', path: 'roles', label: 'Roles', required: true, choices: () => ROLES },
      {
        type: 'numbers',
        path: 'capacity',
        label: 'Contacts at once',
        hint: 'A channel that is off is not offered to them.',
        choices: channels,
        min: 1,
        max: 20,
        initial: 1,
      },
      {
        type: 'numbers',
        path: 'skills',
        label: 'Skills',
        hint: 'From 1 to 10; 10 is best.',
        choices: choicesOf('skill'),
        min: 1,
        max: 10,
        initial: 5,
      },
    ],
    extra: agentExtra,
  },
  queue: {
    kind: 'queue',
    title: 'Queues',
    one: 'queue',
    about: 'Where contacts wait for an agent.',
    columns: [
      {
        name: 'Served by',
        show: ({ serves }) => servedBy(serves),
      },
      {
        name: 'Service level',
        show: ({ serviceLevel: { target, threshold } }) => `${target} % in ${threshold / 1_000} s`,
      },
      { name: 'Priority', show: ({ priority }) => String(priority) },
    ],
    blank: () => ({
      name: '',
      serves: { type: 'everyone' },
      priority: 5,
      offerTimeout: 20_000,
      serviceLevel: { threshold: 20_000, target: 80 },
      wrapUp: { longest: 0, codeRequired: false },
    }),
    fields: [
      nameField,
      { type: 'serves', path: 'serves', label: 'Who serves it' },
      {
        type: 'number',
        path: 'priority',
        label: 'Priority',
        hint: '0 is most urgent, 9 least.',
        min: 0,
        max: 9,
      },
      { type: 'seconds', path: 'offerTimeout', label: 'Time to accept an offer', min: 5, max: 600 },
      {
        type: 'number',
        path: 'serviceLevel.target',
        label: 'Service level',
        unit: '%',
        hint: 'So many of a hundred are to be answered in time.',
        min: 0,
        max: 100,
      },
      {
        type: 'seconds',
        path: 'serviceLevel.threshold',
        label: 'In time means within',
        min: 1,
        max: 86_400,
      },
      {
        type: 'seconds',
        path: 'wrapUp.longest',
        label: 'Wrap-up',
        hint: '0 means none.',
        min: 0,
        max: 3_600,
      },
      { type: 'switch', path: 'wrapUp.codeRequired', label: 'A work code is a must' },
    ],
  },
  skill: {
    kind: 'skill',
    title: 'Skills',
    one: 'skill',
    about: 'What agents can do better or worse: a language, a product.',
    columns: [
      {
        name: 'Agents',
        show: ({ name }, configuration) =>
          String(
            [...configuration.all('agent').values()].filter(({ skills }) =>
              Object.keys(skills).some((id) => configuration.nameOf('skill', id as never) === name),
            ).length,
          ),
      },
    ],
    blank: () => ({ name: '' }),
    fields: [nameField],
  },
  schedule: {
    kind: 'schedule',
    title: 'Opening hours',
    one: 'schedule',
    about: 'When an entry point is open.',
    columns: [
      { name: 'Time zone', show: ({ timeZone }) => timeZone },
      { name: 'Days that differ', show: ({ days }) => String(days.length) },
    ],
    blank: (configuration) => ({
      name: '',
      timeZone: configuration.get('organisation', 'organisation')?.timeZone ?? 'UTC',
      week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: '09:00', to: '17:00' }] : [])),
      days: [],
    }),
    fields: [
      nameField,
      { type: 'text', path: 'timeZone', label: 'Time zone', required: true },
      { type: 'week', path: 'week', label: 'Week' },
      {
        type: 'days',
        path: 'days',
        label: 'Days that differ',
        hint: 'Holidays and long evenings. A day without hours is closed.',
      },
    ],
  },
  'entry-point': {
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
      nameField,
      {
        type: 'choice',
        path: 'channel',
        label: 'Channel',
        required: true,
        choices: () => channels().filter(({ value }) => value === 'web-chat'),
      },
      {
        type: 'choice',
        path: 'queue',
        label: 'Queue',
        required: true,
        choices: choicesOf('queue'),
      },
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
    extra: entryPointExtra,
  },
  code: {
    kind: 'code',
    title: 'Codes',
    one: 'code',
    about: 'What agents choose from when they close a contact, are not ready, or decline.',
    columns: [{ name: 'For', show: ({ use }) => labelOf(CODE_USES, use) }],
    blank: () => ({ name: '', use: 'work', queues: [] }),
    fields: [
      nameField,
      { type: 'choice', path: 'use', label: 'For', required: true, choices: () => CODE_USES },
      queuesField,
    ],
  },
  'canned-text': {
    kind: 'canned-text',
    title: 'Canned texts',
    one: 'canned text',
    about: 'Answers that agents insert by typing a slash and a key.',
    columns: [
      { name: 'Key', show: ({ key }) => (key ? `/${key}` : '') },
      { name: 'Text', show: ({ text }) => text.slice(0, 80) },
    ],
    blank: () => ({ name: '', key: '', text: '', queues: [] }),
    fields: [
      nameField,
      { type: 'text', path: 'key', label: 'Key', hint: 'Typed after a slash.' },
      { type: 'long-text', path: 'text', label: 'Text', required: true },
      queuesField,
    ],
  },
  integration: {
    kind: 'integration',
    title: 'Integrations',
    one: 'integration',
    about: 'Programs that use the public API, each with a token of its own.',
    columns: [{ name: 'Roles', show: ({ roles }) => roleNames(roles) }],
    blank: () => ({ name: '', roles: ['agent'] }),
    fields: [
      nameField,
      { type: 'choices', path: 'roles', label: 'Roles', required: true, choices: () => ROLES },
    ],
    extra: integrationExtra,
  },
  webhook: {
    kind: 'webhook',
    title: 'Webhooks',
    one: 'webhook',
    about: 'Where events are sent, signed, as they happen.',
    columns: [
      { name: 'Address', show: ({ url }) => url },
      { name: 'State', show: ({ enabled }) => (enabled ? 'On' : 'Off') },
    ],
    blank: () => ({ name: '', url: 'https://', events: [], enabled: true }),
    fields: [
      nameField,
      { type: 'text', path: 'url', label: 'Address', required: true },
      {
        type: 'lines',
        path: 'events',
        label: 'Only these events',
        hint: 'One a line, as work-item.closed. None means all.',
      },
      { type: 'switch', path: 'enabled', label: 'On' },
    ],
    extra: webhookExtra,
  },
};
