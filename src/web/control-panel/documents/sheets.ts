import type { DocumentKind } from '#domain/configuration/documents.ts';
import { mailTemplateSheet } from '../mail/mail-template-sheet.tsx';
import { mailboxSheet } from '../mail/mailbox-sheet.tsx';
import { agentSheet } from './agent-sheet.ts';
import { ROLES, choicesOf, labelOf, roleNames } from './choices.ts';
import { entryPointSheet } from './entry-point-sheet.ts';
import { integrationExtra, webhookExtra } from './extras.tsx';
import { organisationSheet } from './organisation-sheet.ts';
import { queueSheet } from './queue-sheet.ts';
import type { Sheet } from './sheet.ts';

const CODE_USES = [
  { value: 'work', label: 'Closing a contact' },
  { value: 'not-ready', label: 'Not being ready' },
  { value: 'decline', label: 'Declining an offer' },
];
const nameField = { type: 'text', path: 'name', label: 'Name', required: true } as const;
const queuesField = {
  type: 'choices',
  path: 'queues',
  label: 'Only for these queues',
  hint: 'None means all.',
  choices: choicesOf('queue'),
} as const;

/** Every kind of document an administrator edits. */
export const SHEETS: { readonly [K in DocumentKind]: Sheet<K> } = {
  organisation: organisationSheet,
  agent: agentSheet,
  queue: queueSheet,
  'entry-point': entryPointSheet,
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
  mailbox: mailboxSheet,
  'mail-template': mailTemplateSheet,
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
