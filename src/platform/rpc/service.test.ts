import { expect, test } from 'vitest';
import { CallFailure } from '#base/call-failure.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { PendingCall } from './pending-call.ts';
import { serviceOf } from './service.ts';
import { example, exampleImplementation } from './suite.ts';

test('call() takes an implementation that ends with its signal for no fault', async () => {
  const faults: string[] = [];
  const nothing = (): void => undefined;
  const trace: Trace = {
    debug: nothing,
    info: nothing,
    warning: nothing,
    fault: (event, cause) => void faults.push(`${event} ${String(cause)}`),
  };
  const implementation = exampleImplementation({
    count: (_params, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const service = serviceOf(example, implementation, trace);
  const call = new PendingCall('media-director', Infinity);
  const answer = service.call('count', {}, call);
  const gone = new CallFailure('connection-lost', 'The caller is gone');
  call.abort(gone);
  await expect(answer).rejects.toBe(gone);
  expect(faults).toEqual([]);
});
