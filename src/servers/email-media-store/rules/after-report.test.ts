import { expect, test } from 'vitest';
import type { OutboxRow, RecipientOutcome } from '../out/outgoing.ts';
import { afterReport } from './after-report.ts';
import type { ToldDelivery } from './filing-plan.ts';

const row = (state: OutboxRow['state'], ...recipients: RecipientOutcome['state'][]): OutboxRow =>
  ({
    state,
    at: 1,
    recipients: recipients.map((each, n) => ({
      address: `r${n}@x.example`,
      state: each,
      said: '',
    })),
  }) as unknown as OutboxRow;

const told = (
  recipient: string,
  action: ToldDelivery['action'],
  diagnostic = '',
): Omit<ToldDelivery, 'email'> => ({ recipient, action, status: '', diagnostic });

test.each([
  [
    'a bounce',
    row('sent', 'sent'),
    [told('R0@x.example', 'failed', '550 no')],
    'bounced',
    'r0@x.example: 550 no',
  ],
  [
    'a bounce that names nobody',
    row('sent', 'sent'),
    [told('', 'failed', 'x')],
    'bounced',
    'r0@x.example: x',
  ],
  ['a receipt', row('sent', 'sent'), [told('r0@x.example', 'delivered')], 'delivered', undefined],
  [
    'a receipt of one of two',
    row('sent', 'sent', 'sent'),
    [told('r0@x.example', 'delivered')],
    'sent',
    undefined,
  ],
  [
    'a delay',
    row('sent', 'sent'),
    [told('r0@x.example', 'delayed', 'busy')],
    'sent',
    'r0@x.example: busy',
  ],
  [
    'a receipt after a delay',
    row('sent', 'delayed'),
    [told('r0@x.example', 'delivered')],
    'delivered',
    undefined,
  ],
  [
    'a bounce after a receipt',
    row('delivered', 'delivered'),
    [told('r0@x.example', 'failed', 'full')],
    'bounced',
    'r0@x.example: full',
  ],
  [
    'a receipt after a bounce',
    row('bounced', 'bounced'),
    [told('r0@x.example', 'delivered')],
    'bounced',
    undefined,
  ],
  [
    'that it was passed on',
    row('sent', 'sent'),
    [told('r0@x.example', 'relayed')],
    'sent',
    undefined,
  ],
  [
    'of one while others wait',
    row('waiting', 'sent', 'waiting'),
    [told('r0@x.example', 'failed')],
    'waiting',
    undefined,
  ],
] as const)('afterReport(): %s', (_, before, reports, state, problem) => {
  expect(afterReport(before, reports, 2)).toMatchObject({ state, ...(problem && { problem }) });
});

test('afterReport() changes nothing when it is told again', () => {
  const once = afterReport(row('sent', 'sent'), [told('r0@x.example', 'failed', '550 no')], 2);
  expect(afterReport(once, [told('r0@x.example', 'failed', '550 no')], 3)).toBe(once);
});
