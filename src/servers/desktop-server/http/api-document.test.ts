import { expect, test } from 'vitest';
import { api } from '../contract.ts';
import { apiDocument } from './api-document.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = apiDocument('1.2.3') as unknown as Document;
const text = JSON.stringify(document);

test.each(Object.entries(api))('apiDocument() describes %s', (name, route) => {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()];
  expect(operation?.operationId).toBe(name);
  const named = operation?.parameters?.filter((each) => each.in === 'path') ?? [];
  expect(named.map((each) => each.name)).toEqual(
    [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter),
  );
  for (const status of Object.values('errors' in route ? route.errors : {})) {
    expect(Object.keys(operation?.responses ?? {})).toContain(String(status));
  }
});

test('apiDocument() has no operation twice, and no way in that is not a route', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const ids = operations.map(({ operationId }) => operationId);
  expect(ids.toSorted()).toEqual([...Object.keys(api), 'events'].toSorted());
});

test('apiDocument() refers only to what is in it', () => {
  const references = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(
      ([, kind, name]) => `${kind}/${name}`,
    ),
  );
  expect(references.size).toBeGreaterThan(10);
  const missing = [...references].filter((reference) => {
    const [kind = '', name = ''] = reference.split('/');
    return document.components[kind]?.[name] === undefined;
  });
  expect(missing).toEqual([]);
  expect(text).not.toContain('#/$defs/');
});
