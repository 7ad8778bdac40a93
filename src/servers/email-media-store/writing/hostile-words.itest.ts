import { expect, test } from 'vitest';
import { startSendingCentre } from '../testing/sending-centre.ts';

test('what a program hands in as subject, name, file name or media type is one line that nothing turns around', async () => {
  await using centre = await startSendingCentre({ ports: {} });
  const people = [{ name: 'Shop\r\nBcc: x@x.example', address: 'a@customer.example' }];
  const hostile = 'Your\r\norder \u202Efdp.exe';
  const draft = await centre.letter(people);
  expect(draft.to).toEqual([{ name: 'Shop Bcc: x@x.example', address: 'a@customer.example' }]);
  const saved = await centre.save(draft, { subject: hostile, cc: people, content: 'a\0b' });
  expect(saved).toMatchObject({ subject: 'Your order  fdp.exe', cc: draft.to, content: 'ab' });
  const attach = (id: string, type: string) =>
    centre.sending.methods.attach(
      {
        draft: draft.id,
        agent: draft.agent,
        id,
        name: `C:\\${hostile}`,
        type,
        inline: false,
        offset: 0,
        bytes: '',
        last: true,
      },
      centre.call,
    );
  expect(await attach('one', 'text/plain\r\nX: y')).toMatchObject({
    attachment: { name: 'Your order  fdp.exe', type: 'application/octet-stream' },
  });
  expect(await attach('two', 'Text/Plain; charset=utf-8')).toMatchObject({
    attachment: { type: 'text/plain' },
  });
});
