import { expect, test } from 'vitest';
import { addCounts, noCounts } from './counts.ts';
import { METRICS, MetricDescription, figuresOf } from './metric.ts';

const counts = {
  ...noCounts(),
  entered: 10,
  answered: 6,
  abandoned: 2,
  serviceLevelMet: 6,
  serviceLevelMissed: 2,
  answerWait: 90_001,
  handled: 4,
  handleTime: 400_002,
  longestWait: 61_000,
};

test('figuresOf() turns counts of a queue into figures', () => {
  expect(figuresOf(counts, 'queue')).toEqual({
    offered: 10,
    answered: 6,
    abandoned: 2,
    'service-level': 75,
    'average-speed-of-answer': 15_000,
    'handle-time': 400_002,
    'oldest-waiting': 61_000,
    handled: 4,
    'average-handle-time': 100_001,
  });
});

test('figuresOf() says nothing of an agent that agents do not have, and no averages of nothing', () => {
  expect(figuresOf(noCounts(), 'agent')).toEqual({
    offered: null,
    answered: 0,
    abandoned: null,
    'service-level': null,
    'average-speed-of-answer': null,
    'handle-time': 0,
    'oldest-waiting': null,
    handled: 0,
    'average-handle-time': null,
  });
});

test('addCounts() adds all but the longest wait, of which the greatest holds', () => {
  const sum = noCounts();
  addCounts(sum, { entered: 1, longestWait: 5 });
  addCounts(sum, { entered: 2, longestWait: 3 });
  expect(sum).toEqual({ ...noCounts(), entered: 3, longestWait: 5 });
});

test('METRICS describes every metric in words', () => {
  for (const { compute: _, ...description } of METRICS) {
    expect(MetricDescription.parse(description)).toEqual(description);
    expect(description.formula).toMatch(/\.$/);
  }
});
