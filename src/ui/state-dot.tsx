import { Box } from '@mantine/core';
import classes from './state-dot.module.css';

export type Tone = 'ready' | 'busy' | 'not-ready' | 'away' | 'late';

/** A small mark of a state. Never alone: the state's name stands beside it. */
export function StateDot({ tone }: { tone: Tone }) {
  return <Box component="span" className={classes.dot} data-tone={tone} aria-hidden="true" />;
}
