import type { Section } from '../documents/sheet.ts';

type Body = Readonly<Record<string, unknown>>;

const receiving = (body: Body): string | undefined =>
  (body['receive'] as { type?: string } | undefined)?.type;
const isFetched = (body: Body): boolean => ['imap', 'pop3'].includes(receiving(body) ?? '');
const isImap = (body: Body): boolean => receiving(body) === 'imap';
const comesIn = (body: Body): boolean => receiving(body) !== 'nothing';
const sends = (body: Body): boolean => body['send'] !== undefined;

const AFTER = [
  { value: 'leave', label: 'It stays as it is' },
  { value: 'delete', label: 'It is deleted there' },
  { value: 'move', label: 'It is moved to another folder' },
];
const SENDERS_HINT = 'An address a line, or @example.com for everybody there.';

/** What of a mailbox most people leave as it is. */
export const MAILBOX_SECTIONS: readonly Section[] = [
  {
    title: 'Details',
    about: 'Names, folders, how often to look, and when to raise an alarm.',
    fields: [
      {
        type: 'text',
        path: 'senderName',
        label: 'Name that customers see',
        hint: 'Beside the address, in what agents send. Left empty: the mailbox’s name.',
        when: sends,
      },
      {
        type: 'lines',
        path: 'aliases',
        label: 'Other addresses',
        hint: 'One a line: their mail arrives in this mailbox too.',
        when: comesIn,
      },
      {
        type: 'switch',
        path: 'plusAddresses',
        label: 'What is sent to support+anything@example.com arrives in it',
        hint: 'Answers then find their conversation whatever wrote them. Only where its server does so: otherwise they bounce.',
        when: (body) => comesIn(body) && sends(body),
      },
      { type: 'text', path: 'receive.folder', label: 'Folder', required: true, when: isImap },
      {
        type: 'duration',
        path: 'receive.poll',
        label: 'Look every',
        hint: 'Where the server does not tell of new mail by itself.',
        unit: 's',
        min: 5,
        max: 3_600,
        when: isFetched,
      },
      {
        type: 'choice',
        path: 'receive.after',
        label: 'What becomes of the original',
        hint: 'At the mail server, once an e-mail is safe here.',
        required: true,
        choices: () => AFTER,
        when: isImap,
      },
      {
        type: 'choice',
        path: 'receive.after',
        label: 'What becomes of the original',
        hint: 'At the mail server, once an e-mail is safe here.',
        required: true,
        choices: () => AFTER.filter(({ value }) => value !== 'move'),
        when: (body) => receiving(body) === 'pop3',
      },
      {
        type: 'text',
        path: 'receive.moveTo',
        label: 'Folder that it is moved to',
        required: true,
        when: (body) => isImap(body) && (body['receive'] as { after?: string }).after === 'move',
      },
      {
        type: 'duration',
        path: 'alarmAfter',
        label: 'Raise an alarm after',
        hint: 'So long without a successful look.',
        unit: 'min',
        min: 1,
        max: 1_440,
        when: isFetched,
      },
      {
        type: 'long-text',
        path: 'receive.authority',
        label: 'Certificates of your own authority, for receiving',
        hint: 'As PEM. Left empty: the authorities that the world trusts.',
        isCode: true,
        when: isFetched,
      },
      {
        type: 'long-text',
        path: 'send.authority',
        label: 'Certificates of your own authority, for sending',
        hint: 'As PEM. Left empty: the authorities that the world trusts.',
        isCode: true,
        when: sends,
      },
      {
        type: 'switch',
        path: 'enabled',
        label: 'In use',
        hint: 'Off: nothing comes in or goes out.',
      },
    ],
  },
  {
    title: 'Senders',
    about: 'Whose mail is refused, and whose comes first.',
    fields: [
      {
        type: 'lines',
        path: 'senders.denied',
        label: 'Denied',
        hint: `${SENDERS_HINT} Their mail is kept in quarantine.`,
        when: comesIn,
      },
      {
        type: 'lines',
        path: 'senders.allowed',
        label: 'Allowed',
        hint: `${SENDERS_HINT} Where there are any, all others are kept in quarantine.`,
        when: comesIn,
      },
      {
        type: 'lines',
        path: 'senders.priority',
        label: 'Served first',
        hint: SENDERS_HINT,
        when: comesIn,
      },
      {
        type: 'number',
        path: 'senders.prioritised',
        label: 'Their priority',
        hint: '0 is most urgent, 9 least.',
        min: 0,
        max: 9,
        when: comesIn,
      },
    ],
  },
  {
    title: 'Loops and storms',
    about: 'How much mail is too much to be true.',
    fields: [
      {
        type: 'number',
        path: 'loops.perCorrespondent.most',
        label: 'E-mails of one sender that become work',
        hint: 'What is more waits in quarantine: machines that answer each other never stop.',
        min: 1,
        max: 100_000,
        when: comesIn,
      },
      {
        type: 'duration',
        path: 'loops.perCorrespondent.within',
        label: 'Those of one sender are counted over',
        unit: 'min',
        min: 1,
        max: 10_080,
        when: comesIn,
      },
      {
        type: 'number',
        path: 'loops.storm.most',
        label: 'E-mails of all senders that become work',
        hint: 'What is more is a storm: it waits until somebody releases or drops it.',
        min: 1,
        max: 100_000,
        when: comesIn,
      },
      {
        type: 'duration',
        path: 'loops.storm.within',
        label: 'Those of all are counted over',
        unit: 'min',
        min: 1,
        max: 10_080,
        when: comesIn,
      },
    ],
  },
  {
    title: 'Sizes',
    about: 'The largest e-mail and the largest files.',
    fields: [
      {
        type: 'size',
        path: 'largest',
        label: 'Largest e-mail that is fetched',
        hint: 'What is larger stays at its server and shows in the mailbox’s state.',
        min: 1,
        max: 1_024,
        when: comesIn,
      },
      {
        type: 'size',
        path: 'attachments.one',
        label: 'Largest file that agents may attach',
        min: 0,
        max: 150,
        when: sends,
      },
      {
        type: 'size',
        path: 'attachments.all',
        label: 'All files of one e-mail together',
        min: 0,
        max: 150,
        when: sends,
      },
    ],
  },
];
