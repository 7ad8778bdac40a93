import { ROLES, channels, choicesOf, roleNames } from './choices.ts';
import { agentExtra } from './extras.tsx';
import type { Choice } from './field.ts';
import type { Sheet } from './sheet.ts';

const AUTHORITY_MODES: readonly Choice[] = [
  { value: 'ours', label: 'Emcee: they wait in its queues' },
  { value: 'switch-acd', label: 'The switch itself' },
  { value: 'adjunct', label: 'The switch, which asks Emcee whom' },
];

const WHILE_UNKNOWN: readonly Choice[] = [
  { value: 'nothing', label: 'They are offered nothing' },
  { value: 'text', label: 'They are offered chats, e-mails and tasks' },
];

export const agentSheet: Sheet<'agent'> = {
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
    {
      name: 'Attributes',
      show: ({ attributes }) =>
        Object.entries(attributes)
          .map(([name, value]) => `${name}: ${value}`)
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
    { type: 'text', path: 'name', label: 'Name', required: true },
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
  sections: [
    {
      title: 'Routing',
      about: 'What else requirements may ask for, and how much is too much.',
      fields: [
        {
          type: 'attributes',
          path: 'attributes',
          label: 'Attributes',
          hint: 'What distinguishes them beside their skills, as site: berlin.',
        },
        {
          type: 'number',
          path: 'budget',
          label: 'Budget',
          hint: 'What all their contacts together may weigh; a contact’s weight stands at the organisation.',
          min: 0,
          max: 100_000,
          empty: 'No budget: capacity alone counts',
        },
      ],
    },
    {
      title: 'Calls',
      about: 'Where their calls come from, and what they are offered beside them.',
      fields: [
        {
          type: 'choice',
          path: 'switch.mode',
          label: 'Calls are given out by',
          hint: 'Left empty: Emcee, in whose queues callers wait. A switch keeps calls from them while they have a chat.',
          choices: () => AUTHORITY_MODES,
        },
        {
          type: 'text',
          path: 'switch.id',
          label: 'Switch',
          hint: 'Which one, where there are several.',
          placeholder: 'main',
        },
        {
          type: 'choice',
          path: 'switch.whileUnknown',
          label: 'While the link to the switch is down',
          hint: 'Nobody knows then whether they are on a call. Left empty: nothing.',
          choices: () => WHILE_UNKNOWN,
        },
      ],
    },
  ],
  extra: agentExtra,
};
