import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import type { ContactBody } from '#domain/contact.ts';
import { AgentId, type ContactId } from '#domain/ids.ts';
import {
  BY,
  type DirectoryClients,
  found,
  make,
  match,
  newContactId,
  type OpenDirectory,
  person,
  refusalOf,
  START,
} from './asking.ts';

/** The part of the suite about contacts: matching, changing, erasing, finding. */
export function contactsSuite(way: string, open: OpenDirectory): void {
  const opened = async (): Promise<{ clients: DirectoryClients; clock: ManualClock }> => {
    const clock = new ManualClock(START);
    return { clients: await open(clock), clock };
  };

  test(`${way}: an unknown address makes a person, once`, async () => {
    await using clients = (await opened()).clients;
    const otherwise = newContactId();
    const address = { kind: 'email', value: 'Customer1@Example.com' } as const;
    const ask = () => clients.store.call.match({ address, name: 'Customer 1', otherwise });
    expect(await ask()).toEqual({ contact: otherwise, isNew: true });
    expect(await ask()).toEqual({ contact: otherwise, isNew: true }); // the answer was lost
    expect(await match(clients, 'email', 'customer1@example.com')).toEqual({
      contact: otherwise,
      isNew: false,
    });
    expect((await clients.desktop.call.get({ contact: otherwise })).contact).toEqual({
      id: otherwise,
      revision: 1,
      ...person('Customer 1', { addresses: [address] }),
      createdAt: START,
      changedAt: START,
    });
  });

  test(`${way}: who gives no name is called by the address, and a chat visitor a visitor`, async () => {
    await using clients = (await opened()).clients;
    const email = await match(clients, 'email', 'customer1@example.com');
    const chat = await match(clients, 'chat', '3f1c');
    const { names } = await clients.desktop.call.names({
      contacts: [email.contact, chat.contact, newContactId()],
    });
    expect(names.map(({ name }) => name).toSorted()).toEqual(['Visitor', 'customer1@example.com']);
  });

  test(`${way}: many at once from a new address are one person`, async () => {
    await using clients = (await opened()).clients;
    const values = ['+49 30 1234567', '0049301234567', '030 1234567', '(0)30/1234567'];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        match(clients, n % 2 === 0 ? 'phone' : 'sms', values[n % values.length] ?? ''),
      ),
    );
    expect(new Set(answers.map(({ contact }) => contact)).size).toBe(1);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  test(`${way}: of several who share an address the one last changed is meant`, async () => {
    const { clients, clock } = await opened();
    await using _ = clients;
    const addresses = [{ kind: 'phone', value: '+1 555 0100' }] as const;
    const one = await make(clients, 'Customer 1', { addresses: [...addresses] });
    clock.advance(seconds(1));
    const other = await make(clients, 'Customer 2', { addresses: [...addresses] });
    expect((await match(clients, 'phone', '+15550100')).contact).toBe(other.id);
    clock.advance(seconds(1));
    const body = person('Customer 1', { addresses: [...addresses], note: 'Calls often' });
    await clients.desktop.call.put({ contact: one.id, body, by: BY });
    expect((await match(clients, 'phone', '+15550100')).contact).toBe(one.id);
  });

  test(`${way}: of two who change the same revision the second is told`, async () => {
    const { clients, clock } = await opened();
    await using _ = clients;
    const { id } = await make(clients, 'Customer 1');
    clock.advance(seconds(1));
    const put = (name: string, expected: number) =>
      clients.desktop.call.put({ contact: id, body: person(name), expected, by: BY });
    const { contact } = await put('Customer One', 1);
    expect(contact).toMatchObject({ revision: 2, createdAt: START, changedAt: START + seconds(1) });
    expect(await refusalOf(put('Customer Uno', 1))).toEqual({
      code: 'conflict',
      data: { revision: 2 },
    });
    expect((await put('Customer One', 2)).contact.revision).toBe(2); // nothing changed
  });

  test(`${way}: whose account a contact is, is their own or their organisation's`, async () => {
    await using clients = (await opened()).clients;
    const [owner, other] = [AgentId.parse('agent-1'), AgentId.parse('agent-2')];
    const put = async (body: ContactBody, contact = newContactId()) =>
      (await clients.desktop.call.put({ contact, body, by: BY })).contact;
    const ownerOf = async (contact: ContactId) =>
      (await clients.store.call.accountOwner({ contact })).agent;
    const employer = await put({
      ...person('Example Inc'),
      kind: 'organisation',
      accountOwner: owner,
    });
    const { id: organisation } = employer;
    expect(employer.accountOwner).toBe(owner);
    const member = await put(person('Customer 1', { organisation }));
    const special = await put(person('Customer 2', { organisation, accountOwner: other }));
    const stranger = await put(person('Customer 3'));
    expect(await Promise.all([member, special, stranger].map(({ id }) => ownerOf(id)))).toEqual([
      owner,
      other,
      undefined,
    ]);
    await put(person('Example Inc', { kind: 'organisation' }), organisation);
    expect(await ownerOf(member.id)).toBeUndefined();
    expect(await ownerOf(newContactId())).toBeUndefined();
  });

  test(`${way}: a person belongs to an organisation that is there`, async () => {
    await using clients = (await opened()).clients;
    const organisation = newContactId();
    const put = (body: ReturnType<typeof person>, contact = newContactId()) =>
      clients.desktop.call.put({ contact, body, by: BY });
    const member = person('Customer 1', { organisation });
    expect(await refusalOf(put(member))).toEqual({
      code: 'unknown-organisation',
      data: { contact: organisation },
    });
    await put(person('Example Inc', { kind: 'organisation' }), organisation);
    const { contact } = await put(member);
    await clients.desktop.call.erase({ contact: organisation, by: BY });
    const left = await clients.desktop.call.get({ contact: contact.id });
    expect(left.contact).toMatchObject({ name: 'Customer 1', revision: 2 });
    expect(left.contact.organisation).toBeUndefined();
  });

  test(`${way}: who is erased is gone, and those who follow are told`, async () => {
    await using clients = (await opened()).clients;
    const addresses = [{ kind: 'email', value: 'customer1@example.com' }] as const;
    const { id } = await make(clients, 'Customer 1', { addresses: [...addresses] });
    const { desktop, store } = clients;
    expect(await refusalOf(desktop.call.erase({ contact: id, by: '\0' }))).toMatchObject({
      code: 'invalid-params',
    });
    await desktop.call.erase({ contact: id, by: BY });
    await desktop.call.erase({ contact: id, by: BY });
    expect(await refusalOf(desktop.call.get({ contact: id }))).toEqual({
      code: 'unknown-contact',
      data: { contact: id },
    });
    expect(await found(clients, 'customer')).toEqual([]);
    const again = await match(clients, 'email', 'customer1@example.com');
    expect(again).toMatchObject({ isNew: true });

    const end = new AbortController();
    const heard: unknown[] = [];
    for await (const { event, cursor } of store.follow.changes({ since: 0, signal: end.signal })) {
      heard.push([cursor, event]);
      if (heard.length === 3) end.abort();
    }
    expect(heard).toEqual([
      [1, { contact: id, erased: false }],
      [2, { contact: id, erased: true }],
      [3, { contact: again.contact, erased: false }],
    ]);
  });

  test(`${way}: names are found by the beginnings of their words, best first`, async () => {
    await using clients = (await opened()).clients;
    for (const name of ['Anna Müller', 'Müller GmbH', 'Hans Anna-Maria Muller', "Seán O'Brien"]) {
      await make(clients, name);
    }
    expect(await found(clients, 'müller')).toEqual([
      'Müller GmbH',
      'Anna Müller',
      'Hans Anna-Maria Muller',
    ]);
    expect(await found(clients, 'MUL ann')).toEqual(['Anna Müller', 'Hans Anna-Maria Muller']);
    expect(await found(clients, 'a')).toEqual(['Anna Müller', 'Hans Anna-Maria Muller']);
    expect(await found(clients, 'anna m')).toEqual(['Anna Müller', 'Hans Anna-Maria Muller']);
    expect(await found(clients, "o'bri")).toEqual(["Seán O'Brien"]);
    expect(await found(clients, 'uller')).toEqual([]);
    expect(await found(clients, '  ')).toEqual([]);
    expect(await found(clients, '%')).toEqual([]);
    expect(await found(clients, 'a\0_')).toEqual(['Anna Müller', 'Hans Anna-Maria Muller']);
  });

  test(`${way}: contacts are found by any part of an address, and numbers by digits`, async () => {
    await using clients = (await opened()).clients;
    await make(clients, 'Customer 1', {
      addresses: [
        { kind: 'email', value: 'Jane_Doe@Example.com' },
        { kind: 'phone', value: '+49 (0)30 / 123-4567', label: 'work' },
      ],
    });
    await make(clients, 'Customer 2', { addresses: [{ kind: 'sms', value: '0170 555 0199' }] });
    await make(clients, 'Customer 3', {
      addresses: [{ kind: 'email', value: 'janexdoe@x.example' }],
    });
    expect(await found(clients, 'JANE_DOE@')).toEqual(['Customer 1']);
    expect(await found(clients, 'example')).toEqual(['Customer 1', 'Customer 3']);
    for (const typed of ['030 1234567', '0049 30 123', '+4930123', '(30) 12', '345']) {
      expect([typed, await found(clients, typed)]).toEqual([typed, ['Customer 1']]);
    }
    expect(await found(clients, '555-01')).toEqual(['Customer 2']);
    expect(await found(clients, '99')).toEqual([]); // too few digits
  });

  test(`${way}: what is found comes in pages`, async () => {
    await using clients = (await opened()).clients;
    await Promise.all(
      Array.from({ length: 25 }, (_, n) =>
        make(clients, `Customer ${String.fromCodePoint(97 + n)}`),
      ),
    );
    const page = (offset: number) =>
      clients.desktop.call.search({ text: 'cust', limit: 10, offset });
    const pages = await Promise.all([page(0), page(10), page(20), page(30)]);
    expect(pages.map(({ contacts }) => contacts.length)).toEqual([10, 10, 5, 0]);
    expect(pages.slice(0, 3).map(({ total }) => total)).toEqual([25, 25, 25]);
    const names = pages.flatMap(({ contacts }) => contacts.map(({ name }) => name));
    expect(names).toEqual(names.toSorted());
  });
}
