import { expect, test } from 'vitest';
import { DOCUMENTS } from '#domain/configuration/documents.ts';
import { planSetUp } from './set-up.ts';

const answers = {
  organisation: { name: 'Emcee Ltd', language: 'en', timeZone: 'Europe/Berlin' },
  administrator: { name: 'Chief', login: 'admin', password: 'long enough' },
  queue: { name: 'Verkauf & Hilfe' },
  greeting: 'Hello!',
};

test('planSetUp() makes documents that make sense, with an agent of their own', () => {
  const agent = { name: 'Agent 1', login: 'Admin', password: 'long enough too' };
  const plan = planSetUp({ ...answers, agent });
  expect(
    plan.documents.filter(({ kind, body }) => !DOCUMENTS[kind].safeParse(body).success),
  ).toEqual([]);
  expect(plan.documents.filter(({ kind }) => kind !== 'code')).toEqual([
    {
      kind: 'agent',
      id: 'admin',
      body: { name: 'Chief', login: 'admin', roles: ['administrator', 'supervisor'] },
    },
    { kind: 'agent', id: 'admin-2', body: { name: 'Agent 1', login: 'Admin', roles: ['agent'] } },
    { kind: 'queue', id: 'verkauf-hilfe', body: { name: 'Verkauf & Hilfe' } },
    {
      kind: 'entry-point',
      id: 'website',
      body: {
        name: 'Website',
        channel: 'web-chat',
        queue: 'verkauf-hilfe',
        treatment: { greeting: 'Hello!' },
      },
    },
  ]);
  expect(plan.passwords.map(({ agent }) => agent)).toEqual(['admin', 'admin-2']);
});

test('planSetUp() makes the administrator the first agent where no other is named', () => {
  const plan = planSetUp({ ...answers, queue: { name: '帮助' }, greeting: '' });
  expect(plan.documents.find(({ kind }) => kind === 'agent')?.body['roles']).toEqual([
    'administrator',
    'supervisor',
    'agent',
  ]);
  expect(plan.documents.find(({ kind }) => kind === 'queue')?.id).toBe('queue-1');
  expect(plan.passwords).toHaveLength(1);
});
