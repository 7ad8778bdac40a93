import { useEffect, useState } from 'react';
import type { Instant } from '#base/time.ts';

/** How far the server's clock is ahead of this machine's, in milliseconds; learnt from the event socket. */
let ahead = 0;

/** Takes the server's time in, so that durations and countdowns are right on a machine whose clock is not. */
export function learnServerTime(serverNow: Instant): void {
  ahead = serverNow - Date.now();
}

/** The server's time now, as well as we know it. */
export const serverNow = (): Instant => Date.now() + ahead;

/** The server's time, renewed every `every` milliseconds. */
export function useNow(every = 1_000): Instant {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** `0:07`, `12:05`, `1:02:03`, `3 d 4 h`. A negative duration shows as zero. */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1_000));
  const two = (n: number) => String(n).padStart(2, '0');
  const [days, hours, minutes] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3_600),
    Math.floor(total / 60) % 60,
  ];
  if (days >= 2) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(total % 60)}`;
  return `${minutes}:${two(total % 60)}`;
}

/** As `formatTime`, to the second. */
export const formatExactTime = (at: Instant): string => format(at, { second: '2-digit' });

/** The time of day; with the date when it is not today's. */
export const formatTime = (at: Instant): string => format(at, {});

function format(at: Instant, more: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(serverNow()).toDateString();
  return date.toLocaleString(undefined, {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    ...more,
  });
}
