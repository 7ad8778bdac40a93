import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import { freePort } from '../../../../test/journeys/centre.ts';
import { startMailSink } from '../../../../test/doubles/mail-sink.ts';
import { POST_OFFICE_HOST, PostOffice } from './post-office.ts';

const CUSTOMER = { name: 'Customer 1', address: 'customer1@home.example' };
const CENTRE = { name: 'Support', address: 'support@lab.example' };

/** Hands a message in as the centre does. */
async function handIn(
  office: PostOffice,
  subject: string,
  messageId: string,
  to: readonly string[] = [CUSTOMER.address],
): Promise<void> {
  const transport = createTransport({ host: POST_OFFICE_HOST, port: office.port, secure: false });
  await transport.sendMail({ from: CENTRE, to: [...to], subject, text: 'On its way.', messageId });
  transport.close();
}

test('a letter goes to the centre, and an answer to its answer names both', async () => {
  await using sink = await startMailSink();
  await using office = await PostOffice.open(new ManualClock(1_000));
  const door = { host: '127.0.0.1', port: sink.port };
  await office.send(
    { from: CUSTOMER, to: CENTRE, subject: 'Where?', text: 'Where is it?', answers: undefined },
    door,
  );
  await handIn(office, 'Re: Where?', '<answer@lab.example>');
  const [answer, question] = office.letters;
  expect(question).toMatchObject({ by: 'customer', subject: 'Where?', at: 1_000 });
  expect(answer).toMatchObject({
    by: 'centre',
    from: CENTRE,
    to: { address: CUSTOMER.address },
    subject: 'Re: Where?',
    text: 'On its way.',
    automatic: false,
  });
  await office.send(
    { from: CUSTOMER, to: CENTRE, subject: 'Re: Where?', text: 'Thanks', answers: answer?.id },
    door,
  );
  expect(sink.mails.map(({ to }) => to)).toEqual([[CENTRE.address], [CENTRE.address]]);
  expect(sink.mails[0]?.message).not.toMatch(/^In-Reply-To:/m);
  expect(sink.mails[1]?.message).toMatch(/^In-Reply-To: <answer@lab.example>/m);
});

test('the oldest letters are forgotten, and one that was not taken is not kept', async () => {
  await using office = await PostOffice.open(new ManualClock());
  await handIn(office, 'First', '<1@lab.example>');
  const others = Array.from({ length: 100 }, (_, number) => `customer${number}@home.example`);
  await handIn(office, 'Second', '<2@lab.example>', others);
  const letter = { from: CUSTOMER, to: CENTRE, subject: '', text: '', answers: undefined };
  const nowhere = { host: POST_OFFICE_HOST, port: await freePort() };
  await expect(office.send(letter, nowhere)).rejects.toThrow('ECONNREFUSED');
  const subjects = office.letters.map(({ subject }) => subject);
  expect(subjects).toEqual(others.map(() => 'Second'));
});
