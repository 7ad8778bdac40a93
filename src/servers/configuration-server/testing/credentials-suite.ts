import { expect, test } from 'vitest';
import { ManualClock, hours, minutes, seconds } from '#base/time.ts';
import { AgentId } from '#domain/ids.ts';
import {
  ADMINISTRATOR,
  BY,
  type Configuration,
  type OpenConfiguration,
  PASSWORD,
  START,
  codeOf,
  put,
  refusalOf,
  setUp,
} from './asking.ts';

/** The part of the suite about the credentials of people and programs. */
export function credentialsSuite(way: string, open: OpenConfiguration): void {
  const opened = async (): Promise<{ client: Configuration; clock: ManualClock }> => {
    const clock = new ManualClock(START);
    return { client: await open(clock), clock };
  };

  test(`${way}: set-up makes everything at once and its link works once`, async () => {
    await using client = (await opened()).client;
    expect(await client.call.setUpState({})).toEqual({ done: false });
    const first = await client.call.issueLink({ purpose: 'set-up' });
    const { token, expires } = await client.call.issueLink({ purpose: 'set-up' });
    expect(expires).toBe(START + hours(24));
    expect(await codeOf(client.call.checkLink({ token: first.token }))).toBe('bad-link');
    expect(await client.call.checkLink({ token })).toEqual({ purpose: 'set-up' });
    expect(await codeOf(client.call.redeemLink({ token }))).toBe('bad-link');

    const wanted = {
      token,
      organisation: { name: 'Example', timeZone: 'Nowhere' },
      documents: [
        {
          kind: 'agent' as const,
          id: 'agent-1',
          body: { name: 'Agent 1', login: 'agent.1', roles: ['administrator'] },
        },
      ],
      passwords: [{ agent: ADMINISTRATOR, password: PASSWORD }],
    };
    expect(await refusalOf(client.call.setUp(wanted))).toMatchObject({
      code: 'invalid',
      data: { problems: [{ path: 'organisation.timeZone' }] },
    });
    expect((await client.call.list({ retired: true })).documents).toEqual([]);
    const nobody = { ...wanted, organisation: { name: 'Example' }, passwords: [] };
    expect(await codeOf(client.call.setUp(nobody))).toBe('invalid');

    const right = { ...wanted, organisation: { name: 'Example' } };
    const results = await Promise.allSettled([client.call.setUp(right), client.call.setUp(right)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await client.call.setUpState({})).toEqual({ done: true });
    expect(await codeOf(client.call.checkLink({ token }))).toBe('bad-link');
    expect(await codeOf(client.call.issueLink({ purpose: 'set-up' }))).toBe('set-up-done');
    const signIn = { login: 'agent.1', password: PASSWORD };
    expect(await client.call.checkPassword(signIn)).toEqual({ agent: 'agent-1' });
  });

  test(`${way}: a link that signs in works once, for a while, for somebody who is there`, async () => {
    const { client, clock } = await opened();
    await using _ = client;
    await setUp(client);
    const issue = (agent: AgentId) => client.call.issueLink({ purpose: 'sign-in', agent });
    expect(await codeOf(issue(AgentId.parse('nobody')))).toBe('unknown-agent');
    const { token } = await issue(ADMINISTRATOR);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => client.call.redeemLink({ token })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);

    const late = await issue(ADMINISTRATOR);
    clock.advance(minutes(15));
    expect(await codeOf(client.call.redeemLink({ token: late.token }))).toBe('bad-link');
  });

  test(`${way}: a wrong password, an unknown login and a retired agent look the same`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    const agent = { name: 'Agent 2', login: 'Agent.2', roles: ['agent'] };
    await put(client, 'agent', 'agent-2', agent);
    const signIn = (login: string, password: string): Promise<unknown> =>
      client.call.checkPassword({ login, password });
    expect(await codeOf(signIn('agent.2', PASSWORD))).toBe('wrong-credentials'); // has none yet
    const id = AgentId.parse('agent-2');
    await client.call.setPassword({ agent: id, password: PASSWORD, by: BY });
    expect(await signIn(' AGENT.2', PASSWORD)).toEqual({ agent: 'agent-2' });
    expect(await codeOf(signIn('agent.2', `${PASSWORD}!`))).toBe('wrong-credentials');
    expect(await codeOf(signIn('nobody', PASSWORD))).toBe('wrong-credentials');
    await client.call.retire({ kind: 'agent', id: 'agent-2', retired: true, by: BY });
    expect(await codeOf(signIn('agent.2', PASSWORD))).toBe('wrong-credentials');
    expect(await codeOf(client.call.setPassword({ agent: id, password: PASSWORD, by: BY }))).toBe(
      'unknown-agent',
    );
  });

  test(`${way}: many wrong passwords slow a login down, and it heals`, async () => {
    const { client, clock } = await opened();
    await using _ = client;
    await setUp(client);
    const signIn = (password: string): Promise<unknown> =>
      client.call.checkPassword({ login: 'agent.1', password });
    const tries = await Promise.all(Array.from({ length: 8 }, () => codeOf(signIn('wrong one'))));
    expect(tries.toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'too-many-tries'),
      ...Array.from({ length: 5 }, () => 'wrong-credentials'),
    ]);
    expect(await refusalOf(signIn(PASSWORD))).toEqual({
      code: 'too-many-tries',
      data: { retryAt: START + seconds(1) },
    });
    clock.advance(seconds(1));
    expect(await signIn(PASSWORD)).toEqual({ agent: 'agent-1' });
    expect(await codeOf(signIn('wrong one'))).toBe('wrong-credentials'); // counts from the beginning
  });

  test(`${way}: an integration's token works until the next is issued`, async () => {
    await using client = (await opened()).client;
    const issue = () => client.call.issueToken({ integration: 'crm', by: BY });
    expect(await codeOf(issue())).toBe('unknown-document');
    await put(client, 'integration', 'crm', { name: 'CRM', roles: ['agent'] });
    const { token } = await issue();
    expect(token).toMatch(/^emcee_[\w-]{43}$/);
    expect(await client.call.checkToken({ token })).toEqual({ integration: 'crm' });
    const next = await issue();
    expect(await codeOf(client.call.checkToken({ token }))).toBe('wrong-credentials');
    await client.call.retire({ kind: 'integration', id: 'crm', retired: true, by: BY });
    expect(await codeOf(client.call.checkToken(next))).toBe('wrong-credentials');
  });

  test(`${way}: a webhook's secret is made once and renewed on demand`, async () => {
    await using client = (await opened()).client;
    await put(client, 'webhook', 'crm', { name: 'CRM', url: 'https://example.com/hook' });
    const ask = (renew: boolean) => client.call.webhookSecret({ webhook: 'crm', renew });
    const [one, other] = await Promise.all([ask(false), ask(false)]);
    expect(one.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(other).toEqual(one);
    const renewed = await ask(true);
    expect(renewed).not.toEqual(one);
    expect(await ask(false)).toEqual(renewed);
  });

  test(`${way}: what is done to credentials is told without a secret`, async () => {
    await using client = (await opened()).client;
    await setUp(client);
    await client.call.setPassword({ agent: ADMINISTRATOR, password: PASSWORD, by: BY });
    const { acts } = await client.call.audit({ limit: 2 });
    expect(acts).toEqual([
      { number: 3, at: START, by: BY, act: 'password-set', subject: 'agent-1' },
      { number: 2, at: START, by: 'system', act: 'set-up', subject: 'system' },
    ]);
    const older = await client.call.audit({ before: 2, limit: 10 });
    expect(older.acts.map(({ act }) => act)).toEqual(['link-issued']);
  });
}
