import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mailbox } from '#domain/configuration/mail.ts';
import { MailTraffic } from './mail-traffic.ts';
import { BILLING, QUIET, SUPPORT } from './testing/filing-facts.ts';

const { loops } = Mailbox.parse({
  name: 'Support',
  address: 'support@shop.example',
  receive: { type: 'smtp' },
  loops: { perCorrespondent: { most: 3, within: 10_000 }, storm: { most: 5, within: 5_000 } },
});
const CUSTOMER = { mailbox: SUPPORT, correspondent: 'customer1@firm.example' };

test('E19: MailTraffic counts what came before, by when it was received, in whatever order it is said', () => {
  const received = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 30 });
  const property = fc.property(received, fc.integer({ min: 0, max: 30_000 }), (instants, at) => {
    const traffic = new MailTraffic();
    instants.forEach((each, n) =>
      traffic.count({ ...CUSTOMER, at: each, openedWork: n % 2 === 0 }),
    );
    const { fromCorrespondent, opened } = traffic.before({ ...CUSTOMER, at }, loops);
    const within = (ms: number) => (each: number) => each > at - ms && each <= at;
    return (
      fromCorrespondent === instants.filter(within(10_000)).length &&
      opened === instants.filter((_, n) => n % 2 === 0).filter(within(5_000)).length
    );
  });
  expect(() => fc.assert(property)).not.toThrow();
});

test('MailTraffic tells mailboxes and correspondents apart, and takes back what was not filed', () => {
  const traffic = new MailTraffic();
  const counted = { ...CUSTOMER, at: 1, openedWork: true };
  traffic.count(counted);
  traffic.count({ ...counted, correspondent: 'customer2@firm.example', at: 2 });
  const before = (mailbox = SUPPORT) => traffic.before({ ...CUSTOMER, mailbox, at: 3 }, loops);
  expect(before()).toEqual({ ...QUIET, fromCorrespondent: 1, opened: 2 });
  expect(before(BILLING)).toEqual(QUIET);
  traffic.uncount(counted);
  expect(before()).toEqual({ ...QUIET, fromCorrespondent: 0, opened: 1 });
});

test('E19: MailTraffic knows who is answered, and how many of their domain, from when it is decided', () => {
  const traffic = new MailTraffic();
  const before = () => traffic.before({ ...CUSTOMER, at: 9 }, loops);
  traffic.answered(SUPPORT, 'customer2@firm.example', 5);
  traffic.answered(SUPPORT, CUSTOMER.correspondent, 7);
  traffic.answered(BILLING, CUSTOMER.correspondent, 8);
  expect(before()).toMatchObject({ answeredAt: 7, answeredDomainAt: [5, 7] });
  traffic.unanswered(SUPPORT, CUSTOMER.correspondent, 7);
  expect(before()).toMatchObject({ answeredAt: undefined, answeredDomainAt: [5] });
});
