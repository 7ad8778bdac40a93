import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import { AgentId } from '#domain/ids.ts';
import type { BlobWriter } from '../tables/blobs.ts';
import { Uploads } from './uploads.ts';

const writer = (): BlobWriter => {
  let size = 0;
  const one: Partial<BlobWriter> = {
    async write(bytes) {
      size += bytes.length;
    },
  };
  Object.defineProperty(one, 'size', { get: () => size });
  return one as BlobWriter;
};

test('an agent who begins many files and ends none leaves room for the others', async () => {
  const clock = new ManualClock(0);
  using uploads = new Uploads(clock, writer);
  const take = (agent: string, file: number) =>
    uploads.take(`${agent} ${file}`, {
      agent: AgentId.parse(agent),
      offset: 0,
      bytes: Buffer.from('a'),
      last: false,
      most: 10,
    });
  for (let file = 0; file < 8; file++) await take('agent-1', file);
  await expect(take('agent-1', 8)).rejects.toMatchObject({ code: 'busy' });
  expect(await take('agent-1', 7)).toMatchObject({ offset: 1 });
  expect(await take('agent-2', 0)).toMatchObject({ offset: 1 });
  clock.advance(600_000);
  expect(await take('agent-1', 8)).toMatchObject({ offset: 1 });
});
