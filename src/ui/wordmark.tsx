import { Group, Text } from '@mantine/core';

/** The product's sign: many voices in, one answer out. */
export function Wordmark({ size = 20 }: { size?: number }) {
  return (
    <Group gap={8} wrap="nowrap" aria-label="Emcee" role="img">
      <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
        <g
          fill="none"
          stroke="var(--mantine-primary-color-filled)"
          strokeWidth="2.4"
          strokeLinecap="round"
        >
          <path d="M3 5c6 0 6 7 11 7" />
          <path d="M3 12h11" />
          <path d="M3 19c6 0 6-7 11-7" />
        </g>
        <circle cx="18.5" cy="12" r="3.3" fill="var(--mantine-primary-color-filled)" />
      </svg>
      <Text fw={650} fz={size * 0.85} lh={1} aria-hidden="true">
        Emcee
      </Text>
    </Group>
  );
}
