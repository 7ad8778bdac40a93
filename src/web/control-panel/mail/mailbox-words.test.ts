import { expect, test } from 'vitest';
import type { MailboxId } from '#domain/ids.ts';
import {
  figuresOf,
  foundOf,
  needsSomebody,
  stateNameOf,
  toneOf,
  type MailboxHealth,
} from './mailbox-words.ts';

const good: MailboxHealth = {
  mailbox: 'support' as MailboxId,
  state: 'good',
  alarm: false,
  fetchedToday: 0,
  unreadable: 0,
  unfiled: 0,
  quarantined: 0,
  unsent: 0,
  failed: 0,
};

test('figuresOf() leaves out what is nothing', () => {
  expect(figuresOf(good)).toEqual([]);
  expect(
    figuresOf({ ...good, fetchedToday: 12, backlog: 5_000, unsent: 2, failed: 1, quarantined: 3 }),
  ).toEqual([
    '12 today',
    '5,000 still at the server',
    '2 to be sent',
    '1 not sent',
    '3 in quarantine',
  ]);
});

test('toneOf() shows an alarm as the worst, whatever the state is', () => {
  const alarm: MailboxHealth = { ...good, state: 'failing', alarm: true };
  expect([good, { ...alarm, alarm: false }, alarm].map(toneOf)).toEqual([
    'ready',
    'not-ready',
    'late',
  ]);
  expect(stateNameOf(alarm)).toBe('Failing');
});

test('needsSomebody() calls for what does not mend itself', () => {
  const refused: MailboxHealth = { ...good, state: 'refused' };
  const failing: MailboxHealth = { ...good, state: 'failing' };
  expect([good, failing, refused, { ...good, failed: 1 }].map(needsSomebody)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('foundOf() says what a check found', () => {
  const check = {
    mailbox: good.mailbox,
    at: 0,
    brought: false,
    unfiled: 0,
    server: 5_012,
    held: 5_012,
    gaps: [],
    gapsInAll: 0,
  };
  expect(foundOf(check)).toBe('The server has 5,012, we hold 5,012 of them: nothing is missing.');
  expect(foundOf({ ...check, held: 5_011, gapsInAll: 1 })).toBe(
    'The server has 5,012, we hold 5,011 of them: 1 is not here.',
  );
  expect(foundOf({ ...check, brought: true, unfiled: 2 })).toBe(
    'Mail servers bring its mail; we hold 5,012. 2 could not be filed so far.',
  );
});
