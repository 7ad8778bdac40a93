import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { describeContract } from './contracts.ts';

test('describeContract() tells methods and streams as JSON Schema, as they look on the wire', () => {
  const contract = defineContract({
    name: 'media-director',
    version: 2,
    methods: {
      ask: {
        params: z.object({ limit: z.int().default(10) }),
        result: z.object({}),
        errors: { 'unknown-queue': z.object({ queue: z.string() }) },
        roles: ['desktop-server'],
        idempotent: true,
      },
    },
    streams: { events: { event: z.string(), roles: ['ids-view'] } },
  });
  expect(describeContract(contract)).toMatchObject({
    name: 'media-director',
    version: 2,
    methods: {
      ask: {
        params: { type: 'object', properties: { limit: { type: 'integer', default: 10 } } },
        result: { type: 'object' },
        errors: { 'unknown-queue': { required: ['queue'] } },
        roles: ['desktop-server'],
        idempotent: true,
      },
    },
    streams: { events: { params: null, event: { type: 'string' }, cursor: null } },
  });
});
