import { expect, test } from 'vitest';
import { MailboxId } from '#domain/ids.ts';
import type { MailboxHealth } from '#servers/email-media-store/contract/mailboxes.ts';
import { printCheck, printMailboxes } from './mail.ts';
import { printTime } from './times.ts';

const mailbox = MailboxId.parse('support');
const at = Date.UTC(2026, 0, 2, 3, 4, 5);

const good: MailboxHealth = {
  mailbox,
  state: 'good',
  lookedAt: at,
  alarm: false,
  fetchedToday: 12,
  backlog: 0,
  unreadable: 1,
  unfiled: 0,
  quarantined: 0,
  unsent: 2,
  failed: 0,
};

test('printMailboxes() shows how mailboxes fare, and what to do about those that do not', () => {
  expect(printMailboxes([])).toBe('There are no mailboxes.');
  const billing = MailboxId.parse('billing');
  const { lookedAt: _, backlog: __, ...unseen } = good;
  const refused: MailboxHealth = {
    ...unseen,
    mailbox: billing,
    state: 'refused',
    alarm: true,
    problem: 'No password is kept. Set it.',
    storm: { since: at, held: 7 },
  };
  const lines = printMailboxes([good, refused]).split('\n');
  expect(lines[1]).toMatch(/^support +good +.* 12 +0 +1 +0 +0 +2 +0$/);
  expect(lines[2]).toMatch(/^billing +refused \(alarm\) +– +12 +– +1/);
  expect(lines.slice(4)).toEqual([
    'billing: No password is kept. Set it.',
    `billing: a storm since ${printTime(at)}; 7 held back`,
  ]);
});

test('printCheck() says what is missing and why', () => {
  const counted = { brought: false, server: 3, held: 3, unfiled: 0 };
  const check = { mailbox, at, ...counted, gaps: [], gapsInAll: 0 };
  expect(printCheck({ mailbox, check })).toBe(
    'support: the server has 3, 3 of them are held here: none is missing',
  );
  expect(printCheck({ mailbox, problem: 'Nobody answers' })).toBe(
    'support: could not be compared: Nobody answers',
  );
  const gaps = [{ key: 'imap:1:9', size: 10, reason: 'too-large' as const }];
  expect(printCheck({ mailbox, check: { ...check, held: 1, gaps, gapsInAll: 2 } })).toBe(
    'support: the server has 3, 1 of them are held here\n  imap:1:9  –  10 bytes  is larger than the mailbox takes\n  and 1 more',
  );
});

test('E14: printCheck() says what is held and not filed, also of mail that servers bring', () => {
  const some = { mailbox, at, server: 3, held: 3, gaps: [], gapsInAll: 0 };
  expect(printCheck({ mailbox, check: { ...some, brought: false, unfiled: 2 } })).toBe(
    'support: the server has 3, 3 of them are held here: none is missing\n  2 could not be filed: the trace says why',
  );
  expect(printCheck({ mailbox, check: { ...some, brought: true, unfiled: 0 } })).toBe(
    'support: mail servers bring its mail; 3 messages are held here',
  );
});
