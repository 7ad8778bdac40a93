import { choicesOf } from './choices.ts';
import type { Choice } from './field.ts';
import { servedBy } from './served-by.ts';
import type { Sheet } from './sheet.ts';

const AGENT_ORDERS: readonly Choice[] = [
  { value: 'longest-idle', label: 'Longest idle' },
  { value: 'least-occupied', label: 'Least occupied' },
  { value: 'most-skilled', label: 'Most skilled' },
  { value: 'most-spare-capacity', label: 'Most spare capacity' },
  { value: 'round-robin', label: 'Round robin' },
];

export const queueSheet: Sheet<'queue'> = {
  kind: 'queue',
  title: 'Queues',
  one: 'queue',
  about: 'Where contacts wait for an agent.',
  columns: [
    { name: 'Served by', show: ({ serves }) => servedBy(serves) },
    {
      name: 'Service level',
      show: ({ serviceLevel: { target, threshold } }) =>
        `${target}\u{a0}% in ${threshold / 1_000}\u{a0}s`,
    },
    { name: 'Priority', show: ({ priority }) => String(priority) },
    {
      name: 'Overflow',
      show: ({ overflow }, configuration) =>
        overflow ? configuration.nameOf('queue', overflow) : '',
    },
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
    { type: 'text', path: 'name', label: 'Name', required: true },
    { type: 'serves', path: 'serves', label: 'Who serves it' },
    {
      type: 'number',
      path: 'priority',
      label: 'Priority',
      hint: '0 is most urgent, 9 least.',
      min: 0,
      max: 9,
    },
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
      type: 'duration',
      path: 'serviceLevel.threshold',
      label: 'In time means within',
      unit: 's',
      min: 1,
      max: 86_400,
    },
    {
      type: 'duration',
      path: 'offerTimeout',
      label: 'Time to accept an offer',
      unit: 's',
      min: 5,
      max: 600,
    },
    {
      type: 'duration',
      path: 'wrapUp.longest',
      label: 'Wrap-up',
      hint: '0 means none.',
      unit: 's',
      min: 0,
      max: 3_600,
    },
    { type: 'switch', path: 'wrapUp.codeRequired', label: 'A work code is a must' },
  ],
  sections: [
    {
      title: 'Routing',
      about: 'Whose turn it is, and which agent gets it.',
      fields: [
        {
          type: 'choice',
          path: 'agentOrder',
          label: 'Which agent comes first',
          hint: 'Of those who could take a contact.',
          required: true,
          choices: () => AGENT_ORDERS,
        },
        {
          type: 'steps',
          path: 'requirements',
          label: 'What contacts ask for',
          hint: 'Of the agents who serve the queue. An entry point may ask for something else.',
        },
        {
          type: 'duration',
          path: 'serviceObjective',
          label: 'Longest wait aimed at',
          hint: 'What is nearest to it, in proportion, is in greatest need.',
          unit: 's',
          min: 1,
          max: 86_400,
        },
        {
          type: 'number',
          path: 'tier',
          label: 'Tier',
          hint: '0 to 9. While an agent can take work of a lower tier, nothing of a higher one is looked at.',
          min: 0,
          max: 9,
        },
        {
          type: 'duration',
          path: 'preferredWait',
          label: 'Wait for a preferred agent who is busy',
          hint: '0: never. Nobody waits for an agent who is away.',
          unit: 's',
          min: 0,
          max: 86_400,
        },
        {
          type: 'number',
          path: 'mostPerAgent',
          label: 'Contacts of this queue at once, per agent',
          min: 0,
          max: 100,
          empty: 'As many as the agent’s capacity says',
        },
        {
          type: 'duration',
          path: 'autoAcceptAfter',
          label: 'Offers are accepted by themselves after',
          hint: '0: at once.',
          unit: 's',
          min: 0,
          max: 60,
          empty: 'The agent accepts',
        },
      ],
    },
    {
      title: 'Limits',
      about: 'Opening hours, how many may wait and how long, and where the rest goes.',
      fields: [
        {
          type: 'choice',
          path: 'schedule',
          label: 'Opening hours',
          hint: 'None means always open. What came in before it closed is still served.',
          choices: choicesOf('schedule'),
        },
        {
          type: 'number',
          path: 'limits.waiting',
          label: 'At most so many wait',
          min: 0,
          max: 1_000_000,
          empty: 'Any number',
        },
        {
          type: 'duration',
          path: 'limits.longestWait',
          label: 'Nobody waits longer than',
          unit: 's',
          min: 1,
          max: 604_800,
          empty: 'For as long as it takes',
        },
        {
          type: 'choice',
          path: 'overflow',
          label: 'Overflow to',
          hint: 'Where contacts go that find the queue full or closed, or wait too long.',
          choices: choicesOf('queue'),
        },
        {
          type: 'number',
          path: 'offersPerMinute',
          label: 'Brake',
          hint: 'So that a morning’s backlog does not bury everybody.',
          unit: 'offers a minute',
          min: 1,
          max: 60_000,
          empty: 'As fast as agents can',
        },
      ],
    },
    {
      title: 'Announcements',
      about: 'What waiting customers are told.',
      fields: [
        {
          type: 'long-text',
          path: 'announcements.place',
          label: 'Their place in line',
          hint: '{place} is filled in. Left empty, nothing is told.',
        },
        {
          type: 'long-text',
          path: 'announcements.wait',
          label: 'How long it may take',
          hint: '{least} and {most} are filled in, in minutes. Left empty, nothing is told.',
        },
      ],
    },
  ],
};
