import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { type Clock, systemClock } from '#base/time.ts';
import { untilHeard } from './until-heard.ts';

/** Time passes at once. */
const clock: Clock = { ...systemClock, after: (_delay, action) => systemClock.after(0, action) };

function asking(answers: readonly string[]) {
  const asked: string[] = [];
  const ask = async (): Promise<string> => {
    const answer = answers[asked.length] ?? 'unknown-agent';
    asked.push(answer);
    if (answer !== 'done') throw new Refusal(answer, answer);
    return answer;
  };
  return { ask, asked };
}

test('untilHeard() asks again while others have not heard yet', async () => {
  const { ask, asked } = asking(['unknown-agent', 'unknown-agent', 'done']);
  expect(await untilHeard(ask, 'unknown-agent', true, clock)).toBe('done');
  expect(asked).toHaveLength(3);
});

test.each([
  ['another refusal', ['no-seat'], true, 1],
  ['what does not exist', [], false, 1],
  ['what nobody ever hears of', [], true, 10],
] as const)('untilHeard() gives up on %s', async (_what, answers, exists, times) => {
  const { ask, asked } = asking(answers);
  await expect(untilHeard(ask, 'unknown-agent', exists, clock)).rejects.toThrow(Refusal);
  expect(asked).toHaveLength(times);
});
