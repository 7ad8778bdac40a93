import type { Sheet } from './sheet.ts';

/** Mailboxes that customers write to. */
export const mailboxSheet: Sheet<'mailbox'> = {
  kind: 'mailbox',
  title: 'Mailboxes',
  one: 'mailbox',
  about: 'Addresses that customers write to and agents answer from.',
  columns: [{ name: 'Address', show: ({ address }) => address }],
  blank: () => ({ name: '', address: '', receive: { type: 'smtp' } }),
  fields: [
    { type: 'text', path: 'name', label: 'Name', required: true },
    { type: 'text', path: 'address', label: 'Address', required: true },
  ],
};

/** What e-mails begin as. */
export const mailTemplateSheet: Sheet<'mail-template'> = {
  kind: 'mail-template',
  title: 'E-mail templates',
  one: 'template',
  about: 'What agents begin an e-mail with, and what answers by itself.',
  columns: [{ name: 'In', show: ({ path }) => path }],
  blank: () => ({ name: '', path: '', key: '', versions: [{ language: 'en', html: '' }] }),
  fields: [
    { type: 'text', path: 'name', label: 'Name', required: true },
    { type: 'text', path: 'key', label: 'Key', hint: 'Typed after a slash.' },
  ],
};
