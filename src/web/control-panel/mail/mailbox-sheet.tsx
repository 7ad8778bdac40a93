import { Storms } from '#ui/email/storms.tsx';
import type { Sheet } from '../documents/sheet.ts';
import { QUEUE, afterSavingMailbox } from './after-save.ts';
import { GoesTo } from './goes-to.tsx';
import { MailboxServers } from './mailbox-servers.tsx';
import { MailboxFigures, MailboxState } from './mailbox-state.tsx';
import { MAILBOX_SECTIONS } from './mailbox-sections.ts';
import { followAddress, serversOf } from './providers.ts';

/** Mailboxes that customers write to. */
export const mailboxSheet: Sheet<'mailbox'> = {
  kind: 'mailbox',
  title: 'Mailboxes',
  one: 'mailbox',
  about: 'Addresses that customers write to and agents answer from.',
  columns: [
    { name: 'Address', show: ({ address }) => address },
    { name: 'State', show: (_body, _configuration, id) => <MailboxState id={id} /> },
    { name: 'E-mails', show: (_body, _configuration, id) => <MailboxFigures id={id} /> },
  ],
  above: () => <Storms />,
  blank: () => ({ name: '', address: '', ...serversOf('other', '') }),
  blankBeside: (configuration) => {
    const queue = [...configuration.all('queue').keys()][0];
    return queue ? { [QUEUE]: queue } : {};
  },
  usual: { ...serversOf('other', '') },
  follow: followAddress,
  fields: [
    { type: 'text', path: 'name', label: 'Name', required: true, placeholder: 'Support' },
    {
      type: 'text',
      path: 'address',
      label: 'Address',
      required: true,
      placeholder: 'support@example.com',
    },
  ],
  inputs: (form) => (
    <>
      <MailboxServers form={form} />
      <GoesTo form={form} />
    </>
  ),
  inputPaths: ['receive', 'send'].flatMap((use) => [
    ...['host', 'port', 'security'].map((name) => `${use}.${name}`),
    ...['user', 'tenant', 'clientId', 'tokenUrl', 'scope'].map((name) => `${use}.signIn.${name}`),
  ]),
  afterSave: afterSavingMailbox,
  sections: MAILBOX_SECTIONS,
};
