import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import {
  ADMINISTRATOR,
  BY,
  type Configuration,
  type OpenConfiguration,
  START,
  put,
  refusalOf,
  setUp,
} from './asking.ts';

/** The part of the suite about settings of desktops and the configuration as text. */
export function settingsSuite(way: string, open: OpenConfiguration): void {
  const opened = async (): Promise<{ client: Configuration; clock: ManualClock }> => {
    const clock = new ManualClock(START);
    return { client: await open(clock), clock };
  };

  test(`${way}: the more particular setting wins, and a removed one no longer does`, async () => {
    await using client = (await opened()).client;
    const set = (
      scope: 'everyone' | 'role:agent' | 'role:supervisor' | 'agent:agent-1' | 'machine:desk-7',
      values: Record<string, unknown>,
    ) => client.call.putSettings({ scope, values, by: BY });
    await set('everyone', { theme: 'light', sound: true, zoom: 1 });
    await set('role:agent', { theme: 'dark', zoom: 2 });
    await set('role:supervisor', { zoom: 3 });
    await set('agent:agent-1', { sound: false });
    expect(await set('machine:desk-7', { sound: 'loud' })).toEqual({ revision: 5 });
    const effective = async (machine?: string) =>
      (
        await client.call.effectiveSettings({
          agent: ADMINISTRATOR,
          roles: ['supervisor', 'agent'],
          ...(machine === undefined ? {} : { machine }),
        })
      ).values;
    expect(await effective('desk-7')).toEqual({
      theme: { value: 'dark', scope: 'role:agent' },
      zoom: { value: 3, scope: 'role:supervisor' },
      sound: { value: 'loud', scope: 'machine:desk-7' },
    });
    await set('agent:agent-1', { sound: null });
    expect((await effective())['sound']).toEqual({ value: true, scope: 'everyone' });
    await expect(effective('desk\0')).rejects.toMatchObject({ code: 'invalid-params' });
  });

  test(`${way}: the text is the same for the same configuration, and brings it back`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    await client.call.putSettings({ scope: 'everyone', values: { theme: 'dark' }, by: BY });
    const { text } = await client.call.exportText({});
    expect(text).not.toContain('argon2');
    const again = await client.call.importText({ text, dryRun: false, by: BY });
    expect(again).toEqual({ changes: [], settings: [] });

    const edited = text.replace('"Sales"', '"Selling"').replace('"dark"', '"light"');
    const wanted = {
      changes: [{ kind: 'queue', id: 'sales', change: 'changed' }],
      settings: ['everyone'],
    };
    expect(await client.call.importText({ text: edited, dryRun: true, by: BY })).toEqual(wanted);
    expect((await client.call.exportText({})).text).toBe(text);
    expect(await client.call.importText({ text: edited, dryRun: false, by: BY })).toEqual(wanted);
    expect((await client.call.exportText({})).text).toBe(edited);

    await put(client, 'skill', 'german', { name: 'German' });
    const back = await client.call.importText({ text, dryRun: false, by: BY });
    expect(back.changes).toEqual([
      { kind: 'queue', id: 'sales', change: 'changed' },
      { kind: 'skill', id: 'german', change: 'retired' },
    ]);
    expect((await client.call.exportText({})).text).toBe(text);
  });

  test(`${way}: a text with mistakes changes nothing and says where they are`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    const { text } = await client.call.exportText({});
    const importing = (broken: string): Promise<{ code: string; data: unknown }> =>
      refusalOf(client.call.importText({ text: broken, dryRun: false, by: BY }));
    expect(await importing('{"format":')).toMatchObject({ code: 'invalid' });
    expect(await importing(text.replace('/1"', '/9"'))).toMatchObject({
      data: { problems: [{ path: 'format', problem: 'it must be "emcee-configuration/1"' }] },
    });
    expect(await importing(text.replace('"queue": "sales"', '"queue": "gone"'))).toMatchObject({
      data: { problems: [{ path: 'entry-point.chat.queue' }] },
    });
    expect(await importing(text.replace('"priority": 5', '"priorty": 5'))).toMatchObject({
      data: {
        problems: [
          {
            path: 'queue.sales.priorty',
            problem: 'there is no such field; perhaps "priority" is meant',
          },
        ],
      },
    });
    expect(await importing(text.replace('"administrator",', ''))).toMatchObject({
      data: { problems: [{ path: 'agent', problem: 'nobody would be administrator' }] },
    });
    expect((await client.call.exportText({})).text).toBe(text);
  });
}
