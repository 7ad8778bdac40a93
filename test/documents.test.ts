/** Documents that repeat what the code says, held to it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { CallFailureCode } from '#base/call-failure.ts';
import { TRANSITIONS, WORK_ITEM_STATES } from '#domain/work-item/state.ts';

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
function section(file: string, name: string): string[] {
  const text = readFileSync(file, 'utf8');
  const [, found = ''] =
    new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n?<!-- /${name} -->`).exec(text) ?? [];
  return found.split('\n');
}

test('ARCHITECTURE has the transition table of work items as the domain has it', () => {
  const rows = WORK_ITEM_STATES.flatMap((from) =>
    Object.entries(TRANSITIONS[from]).map(
      ([move, { to, by }]) => `| ${from} | ${move} | ${to} | ${by.join(', ')} |`,
    ),
  );
  expect(section('ARCHITECTURE.md', 'transitions')).toEqual([
    '| from | move | to | who may |',
    '|---|---|---|---|',
    ...rows,
  ]);
});

const FAILURES: Readonly<Record<CallFailureCode, true>> = {
  unavailable: true,
  timeout: true,
  'connection-lost': true,
  busy: true,
  'too-large': true,
  internal: true,
  'bad-answer': true,
  closed: true,
};

/** The codes that contracts and the API list with what they offer. */
async function listedCodes(): Promise<string[]> {
  const Offer = z.object({ errors: z.record(z.string(), z.unknown()).optional() });
  const Contract = z.object({ methods: z.record(z.string(), Offer) });
  const modules = await Promise.all(
    globSync('src/servers/*/contract.ts').map(
      (file): Promise<object> => import(/* @vite-ignore */ join('..', file)),
    ),
  );
  const values = modules.flatMap((module): unknown[] => Object.values(module));
  const offers = values.flatMap((value) => {
    const contract = Contract.safeParse(value);
    if (contract.success) return Object.values(contract.data.methods);
    const api = z.record(z.string(), Offer).safeParse(value);
    return api.success ? Object.values(api.data) : [];
  });
  return offers.flatMap((offer) => Object.keys(offer.errors ?? {}));
}

/** The codes that the program refuses with, wherever it does. */
const refusedCodes = (): string[] =>
  globSync('src/**/*.ts')
    .filter((file) => !/\.i?test\.ts$|suite\.ts$|\/testing\//.test(file))
    .flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/new Refusal\(\s*'(?<code>[^']+)'/g),
    ])
    .map((match) => match.groups?.['code'] ?? '');

test('the error codes of the code and of the documents are the same', async () => {
  const known = new Set([...Object.keys(FAILURES), ...(await listedCodes()), ...refusedCodes()]);
  const page = readFileSync('docs/protocols/error-codes.md', 'utf8');
  const documented = [...page.matchAll(/^\| `(?<code>[^`]+)` \|/gm)].map(
    (match) => match.groups?.['code'] ?? '',
  );
  expect(documented.toSorted()).toEqual([...known].toSorted());
});
