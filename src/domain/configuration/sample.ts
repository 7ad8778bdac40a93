import { MailboxId } from '../ids.ts';
import type { DraftDocument } from './initial.ts';

/** The person the lab signs in: agent, supervisor and administrator at once. */
export const SAMPLE_ADMINISTRATOR = 'agent-1';

/** Where customers of the lab write to. */
export const SAMPLE_ADDRESS = 'support@lab.example';

/** The mailbox behind it; the lab gives it a server to send by at each start. */
export const SAMPLE_MAILBOX: MailboxId = MailboxId.parse('support');

/**
 * The lab's centre: two queues with a chat widget each, a mailbox, three sample agents, a skill, texts. With
 * `initialDocuments` it is whole; nobody in it has a password.
 */
export function sampleDocuments(): DraftDocument[] {
  return [
    { kind: 'skill', id: 'billing', body: { name: 'Billing' } },
    agent(1, ['agent', 'supervisor', 'administrator'], { billing: 5 }),
    agent(2, ['agent'], { billing: 8 }),
    agent(3, ['agent', 'supervisor'], {}),
    {
      kind: 'queue',
      id: 'support',
      body: { name: 'Support', serves: { type: 'everyone' }, offerTimeout: 30_000 },
    },
    {
      kind: 'queue',
      id: 'billing',
      body: {
        name: 'Billing',
        serves: { type: 'skilled', skills: { billing: 3 } },
        offerTimeout: 30_000,
        wrapUp: { longest: 60_000, codeRequired: true },
      },
    },
    entryPoint('website', 'Support chat', 'support', 'Hello! How can we help you?'),
    entryPoint('invoices', 'Billing chat', 'billing', 'Hello! Is it about an invoice?'),
    {
      kind: 'mailbox',
      id: SAMPLE_MAILBOX,
      body: {
        name: 'Support',
        address: SAMPLE_ADDRESS,
        receive: { type: 'smtp' },
      },
    },
    {
      kind: 'mail-template',
      id: 'received',
      body: {
        name: 'We have your e-mail',
        key: 'received',
        versions: [
          {
            language: 'en',
            html: '<p>Hello {{customer.name}},</p><p>we have your e-mail and will answer soon.</p>',
          },
        ],
      },
    },
    {
      kind: 'entry-point',
      id: 'support-mail',
      body: {
        name: 'Support e-mail',
        channel: 'email',
        queue: 'support',
        address: SAMPLE_ADDRESS,
        mail: { acknowledgement: 'received' },
      },
    },
    cannedText('hello', 'Greeting', 'Hello, thank you for writing to us. How can I help?'),
    cannedText('moment', 'One moment', 'One moment please, I am looking into it.'),
    cannedText('bye', 'Goodbye', 'You are welcome. Have a good day!'),
  ];
}

const agent = (
  number: number,
  roles: readonly string[],
  skills: Readonly<Record<string, number>>,
): DraftDocument => ({
  kind: 'agent',
  id: `agent-${number}`,
  body: {
    name: `Agent ${number}`,
    login: `agent${number}`,
    roles,
    skills,
    capacity: { 'web-chat': 3, email: 2, task: 2 },
  },
});

const entryPoint = (id: string, name: string, queue: string, greeting: string): DraftDocument => ({
  kind: 'entry-point',
  id,
  body: {
    name,
    channel: 'web-chat',
    queue,
    treatment: { greeting, closed: 'Nobody is here right now. Leave us a message.' },
  },
});

const cannedText = (key: string, name: string, text: string): DraftDocument => ({
  kind: 'canned-text',
  id: key,
  body: { name, key, text },
});
