import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import type { Contact } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import {
  BY,
  type DirectoryClients,
  found,
  make,
  newContactId,
  type OpenDirectory,
  START,
} from './asking.ts';

/** The part of the suite about CSV. */
export function csvSuite(way: string, open: OpenDirectory): void {
  const opened = async (): Promise<{ clients: DirectoryClients; clock: ManualClock }> => {
    const clock = new ManualClock(START);
    return { clients: await open(clock), clock };
  };

  test(`${way}: CSV from a spreadsheet goes in, bad rows are named and left out`, async () => {
    await using clients = (await opened()).clients;
    const csv = [
      'Name;Kind;Organisation;E-Mail;Email;Phone;field: Number',
      'Customer 1;;Example Inc;;customer1@example.com;"\'+49 30 1234567\n[mobile] 0170 5550199";A-1',
      'Example Inc;organisation;;;info@example.com;;',
      ';;;;customer2@example.com;;',
      'Customer 3;robot;;;;;',
      'Customer 4;;Nowhere Inc;;;;',
    ].join('\n');
    const run = (dryRun: boolean) => clients.desktop.call.importCsv({ csv, dryRun, by: BY });
    const answer = {
      created: 2,
      changed: 0,
      problems: [
        { line: 1, problem: 'the column "E-Mail" is not known' },
        { line: 5, problem: expect.stringMatching(/^name: /) },
        { line: 6, problem: '"robot" is no kind: it is person or organisation' },
        { line: 7, problem: 'there is no organisation "Nowhere Inc"' },
      ],
    };
    expect(await run(true)).toEqual(answer);
    expect(await found(clients, 'customer')).toEqual([]);
    expect(await run(false)).toEqual(answer);
    const { contacts } = await clients.desktop.call.search({ text: 'a', limit: 9, offset: 0 });
    expect(contacts).toEqual([]);
    const [customer] = (
      await clients.desktop.call.search({ text: 'customer', limit: 9, offset: 0 })
    ).contacts;
    const [example] = (
      await clients.desktop.call.search({ text: 'example inc', limit: 9, offset: 0 })
    ).contacts;
    expect(customer).toMatchObject({
      name: 'Customer 1',
      organisation: example?.id,
      addresses: [
        { kind: 'phone', value: '+49 30 1234567' },
        { kind: 'phone', value: '0170 5550199', label: 'mobile' },
        { kind: 'email', value: 'customer1@example.com' },
      ],
      fields: { Number: 'A-1' },
    });
    expect(await run(false)).toMatchObject({ created: 0, changed: 0 });
  });

  test(`${way}: a row whose address is known adds to that contact, one whose id is known replaces`, async () => {
    const { clients, clock } = await opened();
    await using _ = clients;
    const { id } = await make(clients, 'Customer 1', {
      addresses: [{ kind: 'email', value: 'customer1@example.com' }],
      note: 'Likes tea',
      fields: { Number: 'A-1' },
    });
    clock.advance(seconds(1));
    const run = (csv: string) => clients.desktop.call.importCsv({ csv, dryRun: false, by: BY });
    const get = async () => (await clients.desktop.call.get({ contact: id })).contact;
    expect(
      await run(
        'name,email,phone,note,field:Level\nCustomer One,CUSTOMER1@example.com,030 1234567,,gold\n',
      ),
    ).toEqual({ created: 0, changed: 1, problems: [] });
    expect(await get()).toMatchObject({
      name: 'Customer One',
      addresses: [
        { kind: 'email', value: 'customer1@example.com' },
        { kind: 'phone', value: '030 1234567' },
      ],
      note: 'Likes tea',
      fields: { Number: 'A-1', Level: 'gold' },
    });
    const replacing = `id,note,phone,account-owner\n${id},,,agent-1\n`;
    expect(await run(replacing)).toEqual({ created: 0, changed: 1, problems: [] });
    expect(await get()).toMatchObject({
      name: 'Customer One',
      addresses: [{ kind: 'email', value: 'customer1@example.com' }],
      note: '',
      accountOwner: 'agent-1',
      revision: 3,
    });
    await run('email,account-owner\ncustomer1@example.com,\n'); // what is only added takes nothing away
    expect((await get()).accountOwner).toBe('agent-1');
    await run(`id,account-owner\n${id},\n`);
    expect(await get()).not.toHaveProperty('accountOwner');
  });

  test(`${way}: two rows of one file about the same person are one contact`, async () => {
    await using clients = (await opened()).clients;
    const csv =
      'name,email,phone\nCustomer 1,customer1@example.com,\nCustomer 1,customer1@example.com,030 1234567\n';
    const answer = { created: 1, changed: 1, problems: [] };
    expect(await clients.desktop.call.importCsv({ csv, dryRun: true, by: BY })).toEqual(answer);
    expect(await clients.desktop.call.importCsv({ csv, dryRun: false, by: BY })).toEqual(answer);
    const { contacts } = await clients.desktop.call.search({ text: 'cust', limit: 9, offset: 0 });
    expect(contacts.map(({ addresses }) => addresses.length)).toEqual([2]);
  });

  test(`${way}: an export goes back into an empty directory as it was`, async () => {
    await using clients = (await opened()).clients;
    const organisation = newContactId();
    const rows = Array.from(
      { length: 1_200 },
      (_, n) =>
        `"'=Customer ${n}",[work] +49 30 ${5_000_000 + n},"${n % 3 === 0 ? '@note\r\nsecond line' : ''}"`,
    );
    const csv = ['name,phone,note', ...rows].join('\n');
    await clients.desktop.call.importCsv({ csv, dryRun: false, by: BY });
    await clients.desktop.call.put({
      contact: organisation,
      body: { kind: 'organisation', name: 'Example Inc', addresses: [], note: '', fields: {} },
      by: BY,
    });
    const member = await make(clients, 'Customer', { organisation, fields: { 'a,b': '"c"' } });
    const pages = await exportAll(clients);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.join('\n')).not.toMatch(/(?:^|,)"?[=+@-]/m);

    await using empty = (await opened()).clients;
    for (const csv of pages) {
      const answer = await empty.desktop.call.importCsv({ csv, dryRun: false, by: BY });
      expect(answer.problems).toEqual([]);
    }
    expect(await exportAll(empty)).toEqual(pages);
    const back = await empty.desktop.call.get({ contact: member.id });
    expect(withoutTimes(back.contact)).toEqual(withoutTimes(member));
  });
}

async function exportAll({ desktop }: DirectoryClients): Promise<string[]> {
  const pages: string[] = [];
  let after: ContactId | undefined;
  do {
    const { csv, next } = await desktop.call.exportCsv(after === undefined ? {} : { after });
    pages.push(csv);
    after = next;
  } while (after !== undefined);
  return pages;
}

const withoutTimes = ({ createdAt: _created, changedAt: _changed, ...rest }: Contact): object =>
  rest;
