import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import {
  BY,
  type Configuration,
  type OpenConfiguration,
  START,
  codeOf,
  put,
  refusalOf,
  setUp,
} from './asking.ts';

async function takeChanges(
  client: Configuration,
  since: number,
  count: number,
): Promise<StoredDocument[]> {
  const end = new AbortController();
  const taken: StoredDocument[] = [];
  for await (const { event, cursor } of client.follow.changes({ since, signal: end.signal })) {
    expect(cursor).toBe(event.revision);
    taken.push(event);
    if (taken.length === count) end.abort();
  }
  return taken;
}

/** The part of the suite about documents. */
export function documentsSuite(way: string, open: OpenConfiguration): void {
  const opened = async (): Promise<{ client: Configuration; clock: ManualClock }> => {
    const clock = new ManualClock(START);
    return { client: await open(clock), clock };
  };

  test(`${way}: a document is stored with its defaults, numbered, and found again`, async () => {
    await using client = (await opened()).client;
    const { document } = await put(client, 'skill', 'german', { name: ' German ' });
    expect(document).toEqual({
      kind: 'skill',
      id: 'german',
      revision: 1,
      retired: false,
      body: { name: 'German' },
    });
    expect(await client.call.list({ kind: 'skill', retired: false })).toEqual({
      documents: [document],
      revision: 1,
    });
  });

  test(`${way}: what changes nothing makes no revision`, async () => {
    await using client = (await opened()).client;
    await put(client, 'skill', 'german', { name: 'German' });
    const { document } = await put(client, 'skill', 'german', { name: 'German' });
    expect(document.revision).toBe(1);
  });

  test(`${way}: of two who change the same revision the second is told`, async () => {
    await using client = (await opened()).client;
    await put(client, 'skill', 'german', { name: 'German' }, 0);
    await put(client, 'skill', 'german', { name: 'German (C1)' }, 1);
    const second = put(client, 'skill', 'german', { name: 'Deutsch' }, 1);
    expect(await refusalOf(second)).toEqual({ code: 'conflict', data: { revision: 2 } });
  });

  test(`${way}: of many who create the same document one does`, async () => {
    await using client = (await opened()).client;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        put(client, 'skill', 'german', { name: `German ${n}` }, 0),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await client.call.list({ retired: true })).revision).toBe(1);
  });

  test(`${way}: a field that its kind does not have is refused, not dropped`, async () => {
    await using client = (await opened()).client;
    const body = { name: 'German', levle: 3 };
    expect(await refusalOf(put(client, 'skill', 'german', body))).toEqual({
      code: 'invalid',
      data: { problems: [{ path: 'levle', problem: 'there is no such field; there are name' }] },
    });
  });

  test(`${way}: a document with mistakes is refused with all of them`, async () => {
    await using client = (await opened()).client;
    const refused = put(client, 'entry-point', 'chat', {
      name: 'Chat',
      channel: 'web-chat',
      queue: 'sales',
      schedule: 'office',
    });
    expect(await refusalOf(refused)).toEqual({
      code: 'invalid',
      data: {
        problems: [
          { path: 'queue', problem: 'there is no queue "sales" in use' },
          { path: 'schedule', problem: 'there is no schedule "office" in use' },
        ],
      },
    });
    expect((await client.call.list({ retired: true })).documents).toEqual([]);
  });

  test(`${way}: what is in use is not retired, and its users are named`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    expect(
      await refusalOf(client.call.retire({ kind: 'queue', id: 'sales', retired: true, by: BY })),
    ).toEqual({ code: 'in-use', data: { by: [{ kind: 'entry-point', id: 'chat' }] } });
    await client.call.retire({ kind: 'entry-point', id: 'chat', retired: true, by: BY });
    await client.call.retire({ kind: 'queue', id: 'sales', retired: true, by: BY });
    const { documents } = await client.call.list({ kind: 'queue', retired: false });
    expect(documents).toEqual([]);
    expect(
      await codeOf(client.call.retire({ kind: 'entry-point', id: 'chat', retired: false, by: BY })),
    ).toBe('invalid'); // its queue is gone
    await client.call.retire({ kind: 'queue', id: 'sales', retired: false, by: BY });
    await client.call.retire({ kind: 'entry-point', id: 'chat', retired: false, by: BY });
  });

  test(`${way}: the organisation and the last administrator stay`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    const retire = (kind: DocumentKind, id: string): Promise<unknown> =>
      client.call.retire({ kind, id, retired: true, by: BY });
    expect(await codeOf(retire('organisation', 'organisation'))).toBe('needed');
    expect(await codeOf(retire('agent', 'agent-1'))).toBe('needed');
    const stripped = { name: 'Agent 1', login: 'agent.1', roles: ['agent'] };
    expect(await codeOf(put(client, 'agent', 'agent-1', stripped))).toBe('invalid');

    const second = { name: 'Agent 2', login: 'agent.2', roles: ['administrator'] };
    await put(client, 'agent', 'agent-2', second);
    await put(client, 'agent', 'agent-1', stripped);
    await retire('agent', 'agent-1');
    expect(await codeOf(retire('agent', 'agent-2'))).toBe('needed');
  });

  test(`${way}: two administrators who strip each other at once leave one`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    const body = (n: number, roles: string[]) => ({ name: `Agent ${n}`, login: `a.${n}`, roles });
    await put(client, 'agent', 'agent-2', body(2, ['administrator']));
    const results = await Promise.allSettled([
      put(client, 'agent', 'agent-1', body(1, ['agent'])),
      put(client, 'agent', 'agent-2', body(2, ['agent'])),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test(`${way}: history tells who changed what, newest first`, async () => {
    const { client, clock } = await opened();
    await using _ = client;
    await put(client, 'skill', 'german', { name: 'German' });
    clock.advance(seconds(5));
    await put(client, 'skill', 'german', { name: 'Deutsch' });
    await put(client, 'skill', 'french', { name: 'French' });
    const { changes } = await client.call.history({ kind: 'skill', id: 'german', limit: 10 });
    expect(changes).toEqual([
      {
        document: expect.objectContaining({ revision: 2, body: { name: 'Deutsch' } }),
        at: START + seconds(5),
        by: BY,
        before: { name: 'German' },
      },
      {
        document: expect.objectContaining({ revision: 1, body: { name: 'German' } }),
        at: START,
        by: BY,
        before: null,
      },
    ]);
    const page = await client.call.history({ before: 3, limit: 1 });
    expect(page.changes.map(({ document }) => document.revision)).toEqual([2]);
  });

  test(`${way}: changes from 0 tell of all there is, then of all that comes, without gaps`, async () => {
    await using client = (await opened()).client;
    await put(client, 'skill', 'german', { name: 'German' });
    await put(client, 'skill', 'french', { name: 'French' });
    await put(client, 'skill', 'german', { name: 'Deutsch' });
    const taken = takeChanges(client, 0, 4);
    await client.call.retire({ kind: 'skill', id: 'french', retired: true, by: BY });
    await put(client, 'skill', 'dutch', { name: 'Dutch' });
    expect((await taken).map(({ id, revision, retired }) => [id, revision, retired])).toEqual([
      ['french', 2, false],
      ['german', 3, false],
      ['french', 4, true],
      ['dutch', 5, false],
    ]);
    expect((await takeChanges(client, 1, 4)).map(({ revision }) => revision)).toEqual([2, 3, 4, 5]);
  });
}
