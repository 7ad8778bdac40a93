import { expect, test } from 'vitest';
import type { Email } from '#domain/email/email.ts';
import { AgentId, EmailId } from '#domain/ids.ts';
import { type Desk, lookedAt, nextReading, seenNumber, toggled, UNREAD } from './reading.ts';

const ME = AgentId.parse('agent-1');
const idOf = (number: number) => `e${number}` as EmailId;
const email = (number: number, more: Partial<Email> = {}): Email =>
  ({ id: idOf(number), number, direction: 'in', nature: 'personal', ...more }) as Email;
const acknowledgement = (number: number) => email(number, { direction: 'out' });
const mine = (number: number) => email(number, { direction: 'out', agent: ME });
const desk = (emails: Email[], more: Partial<Desk> = {}): Desk => ({
  emails,
  lastNumber: emails.length,
  readNumber: 0,
  reader: ME,
  ...more,
});

test('at first what is new stands open, and what a person wrote last', () => {
  const emails = [email(1), email(2), mine(3), mine(4)];
  const { open } = nextReading(UNREAD, desk(emails, { readNumber: 1 }));
  expect([...open]).toEqual(['e2', 'e4']);
});

test('the customer’s mail stands open beside an acknowledgement, and stays open once it counts as read', () => {
  const emails = [email(1), acknowledgement(2)];
  const first = nextReading(UNREAD, desk(emails));
  expect([...first.open]).toEqual(['e1']);
  expect(nextReading(first, desk(emails, { readNumber: 2 }))).toBe(first);
  expect([...nextReading(UNREAD, desk(emails, { readNumber: 2 })).open]).toEqual(['e1']);
});

test('a conversation of automatic answers alone shows the last', () => {
  expect([...nextReading(UNREAD, desk([acknowledgement(1)])).open]).toEqual(['e1']);
});

test('nothing is taken in before the last page is here', () => {
  expect(nextReading(UNREAD, desk([email(1)], { lastNumber: 2 }))).toBe(UNREAD);
});

test('what comes while nobody writes stands open, and is seen', () => {
  const first = nextReading(UNREAD, desk([email(1)]));
  const next = nextReading(first, desk([email(1), email(2), acknowledgement(3)]));
  expect([...next.open]).toEqual(['e1', 'e2']);
  expect(seenNumber(next)).toBe(3);
});

test('what comes while the reader writes is not seen before it is opened', () => {
  const first = nextReading(UNREAD, desk([email(1)]));
  const emails = [email(1), acknowledgement(2), email(3), mine(4), email(5)];
  const writing = nextReading(first, desk(emails, { isWriting: true }));
  expect([...writing.open]).toEqual(['e1', 'e4']);
  expect(seenNumber(writing)).toBe(2);
  const opened = toggled(writing, idOf(3));
  expect(seenNumber(opened)).toBe(4);
  expect(seenNumber(toggled(opened, idOf(3)))).toBe(4);
  expect(seenNumber(lookedAt(opened))).toBe(5);
  expect([...lookedAt(opened).open]).toContain('e5');
});

test('another agent’s answer counts as something newer, and writing no more shows all', () => {
  const first = nextReading(UNREAD, desk([email(1)]));
  const other = email(2, { direction: 'out', agent: AgentId.parse('agent-2') });
  const writing = nextReading(first, desk([email(1), other], { isWriting: true }));
  expect(seenNumber(writing)).toBe(1);
  const done = nextReading(writing, desk([email(1), other]));
  expect(seenNumber(done)).toBe(2);
  expect([...done.open]).toEqual(['e1', 'e2']);
});
