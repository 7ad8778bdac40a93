import { expect, test } from 'vitest';
import { days, hours, minutes } from '#base/time.ts';
import { MailTraffic } from './mail-traffic.ts';
import { BILLING, NOW, SUPPORT } from './testing/filing-facts.ts';

const LIMITS = {
  perCorrespondent: { most: 20, within: hours(1) },
  storm: { most: 500, within: minutes(10) },
};
const WHO = { mailbox: SUPPORT, correspondent: 'customer1@customer.example' };

test('before() counts what was received within the time that ends with a mail, however late it is fetched', () => {
  const traffic = new MailTraffic();
  const received = [days(3), hours(2), minutes(59), minutes(9), 0].map((ago) => NOW - ago);
  // as after an outage: the newest first
  for (const at of received.toReversed()) traffic.count({ ...WHO, at, openedWork: true });
  expect(traffic.before({ ...WHO, at: NOW }, LIMITS)).toMatchObject({
    fromCorrespondent: 3,
    opened: 2,
    storm: false,
  });
  expect(traffic.before({ ...WHO, at: NOW - hours(2) }, LIMITS)).toMatchObject({
    fromCorrespondent: 1,
    opened: 1,
  });
});

test('before() tells mailboxes and correspondents apart, and work from what opened none', () => {
  const traffic = new MailTraffic();
  traffic.count({ ...WHO, at: NOW, openedWork: false });
  traffic.count({ ...WHO, mailbox: BILLING, at: NOW, openedWork: true });
  traffic.count({ ...WHO, correspondent: 'customer2@customer.example', at: NOW, openedWork: true });
  expect(traffic.before({ ...WHO, at: NOW }, LIMITS)).toMatchObject({
    fromCorrespondent: 1,
    opened: 1,
  });
});

test('uncount() takes back what was not filed after all', () => {
  const traffic = new MailTraffic();
  const counted = { ...WHO, at: NOW, openedWork: true };
  traffic.count(counted);
  traffic.count(counted);
  traffic.uncount(counted);
  traffic.uncount({ ...counted, at: NOW - 1 }); // never counted
  expect(traffic.before({ ...WHO, at: NOW }, LIMITS)).toMatchObject({
    fromCorrespondent: 1,
    opened: 1,
  });
});

test('answered() is remembered of the correspondent and of their domain, until it is taken back', () => {
  const traffic = new MailTraffic();
  traffic.answered(SUPPORT, WHO.correspondent, NOW);
  traffic.answered(SUPPORT, 'customer2@customer.example', NOW + 1);
  expect(traffic.before({ ...WHO, at: NOW + 2 }, LIMITS)).toMatchObject({
    answeredAt: NOW,
    answeredDomainAt: [NOW, NOW + 1],
  });
  traffic.unanswered(SUPPORT, WHO.correspondent, NOW);
  expect(traffic.before({ ...WHO, at: NOW + 2 }, LIMITS)).toMatchObject({
    answeredAt: undefined,
    answeredDomainAt: [NOW + 1],
  });
});

test('storm() lasts until somebody has judged it', () => {
  const traffic = new MailTraffic();
  traffic.storm(SUPPORT, { since: NOW, held: 1 });
  expect(traffic.before({ ...WHO, at: NOW + days(9) }, LIMITS).storm).toBe(true);
  expect(traffic.before({ ...WHO, mailbox: BILLING, at: NOW }, LIMITS).storm).toBe(false);
  traffic.storm(SUPPORT, undefined);
  expect(traffic.before({ ...WHO, at: NOW }, LIMITS).storm).toBe(false);
});

test('the oldest correspondents are forgotten: memory has a bound', () => {
  const traffic = new MailTraffic();
  traffic.count({ ...WHO, at: NOW, openedWork: false });
  for (let other = 0; other < 50_000; other++) {
    traffic.count({ ...WHO, correspondent: `${other}@other.example`, at: NOW, openedWork: false });
  }
  expect(traffic.before({ ...WHO, at: NOW }, LIMITS).fromCorrespondent).toBe(0);
});
