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

test('follow() checks and encodes an event once for all its readers', async () => {
  let looks = 0;
  const shared = {
    get square() {
      looks++;
      return 49;
    },
  };
  const implementation = exampleImplementation(
    {},
    {
      async *numbers() {
        yield { event: shared, cursor: 7 };
      },
    },
  );
  const service = serviceOf(example, implementation);
  const call = new PendingCall('media-director', Infinity);
  const read = () => service.follow('numbers', { params: { to: 7 }, since: 6 }, call).next();
  const first = await read();
  const before = looks;
  expect([await read(), looks]).toEqual([first, before]);
});
