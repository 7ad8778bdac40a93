import { Text, type TextProps } from '@mantine/core';
import { formatDuration, useNow } from './time.ts';

/** How long ago `since` was, counting. */
export function Elapsed({ since, ...props }: { since: number } & TextProps) {
  return (
    <Text component="time" className="figures" {...props}>
      {formatDuration(useNow() - since)}
    </Text>
  );
}
