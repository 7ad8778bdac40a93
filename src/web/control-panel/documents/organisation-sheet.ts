import { channels } from './choices.ts';
import type { Choice } from './field.ts';
import type { Sheet } from './sheet.ts';

const IDLE_RESETS: readonly Choice[] = [
  { value: 'any-channel', label: 'A contact of any channel' },
  { value: 'same-channel', label: 'Only a contact of the channel in question' },
];

export const organisationSheet: Sheet<'organisation'> = {
  kind: 'organisation',
  title: 'Organisation',
  one: 'organisation',
  about: 'Who you are, where your days begin, and what holds for all queues and agents.',
  single: 'organisation',
  columns: [],
  blank: () => ({ name: '', language: 'en', timeZone: 'UTC' }),
  fields: [
    { type: 'text', path: 'name', label: 'Name', required: true },
    { type: 'text', path: 'language', label: 'Language', hint: 'As "en" or "de".', required: true },
    {
      type: 'text',
      path: 'timeZone',
      label: 'Time zone',
      hint: 'As "Europe/Berlin". Days in figures begin and end here.',
      required: true,
    },
    {
      type: 'duration',
      path: 'vanishGrace',
      label: 'Patience with a lost browser',
      hint: 'How long an agent’s browser may be gone before their work moves on.',
      unit: 's',
      min: 5,
      max: 600,
    },
  ],
  sections: [
    {
      title: 'Routing',
      about: 'How urgent and old work is weighed, and when an agent is idle.',
      fields: [
        {
          type: 'duration',
          path: 'routing.ageing',
          label: 'One class of priority is worth',
          hint: 'So much waiting lifts work by one class, where the service objective is a minute; elsewhere in proportion. 0: the more urgent class always comes first.',
          unit: 's',
          min: 0,
          max: 86_400,
        },
        {
          type: 'number',
          path: 'routing.hysteresis',
          label: 'Another queue’s need must be greater by',
          hint: 'Or an agent stays with the queue they served last.',
          unit: '%',
          min: 0,
          max: 100,
        },
        {
          type: 'choice',
          path: 'routing.idle.resetBy',
          label: 'What ends being idle',
          hint: 'Who has been idle longest comes first.',
          required: true,
          choices: () => IDLE_RESETS,
        },
        {
          type: 'switch',
          path: 'routing.idle.notReadyResets',
          label: 'Coming back from not ready begins it anew',
        },
      ],
    },
    {
      title: 'Capacity',
      about: 'What a contact weighs, and what may interrupt what.',
      fields: [
        {
          type: 'numbers',
          path: 'routing.weights',
          label: 'What a contact weighs',
          hint: 'Against an agent’s budget. A channel that is off weighs what is usual.',
          choices: channels,
          min: 0,
          max: 1_000,
          initial: 100,
        },
        {
          type: 'numbers',
          path: 'routing.mostPerAgent',
          label: 'Contacts at once, whoever it is',
          hint: 'Nobody has more of a channel, whatever their own capacity says.',
          choices: channels,
          min: 0,
          max: 1_000,
          initial: 1,
        },
        {
          type: 'lists',
          path: 'routing.interrupts',
          label: 'What may interrupt what',
          hint: 'Contacts of these channels do not count when the one on the left is offered.',
          choices: channels,
        },
        {
          type: 'duration',
          path: 'routing.idleContactReleases',
          label: 'A silent customer’s contact takes up no room after',
          hint: '0: it always does. When they write, it counts again.',
          unit: 'min',
          min: 0,
          max: 1_440,
        },
      ],
    },
  ],
};
