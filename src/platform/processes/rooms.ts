/** Which component's code is running, so that a crash can name it. */
import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs `work`, and everything it starts, under the name of `room`. */
export function inRoom<T>(room: string, work: () => T): T {
  return current.run(room, work);
}

/**
 * The component that `error` came from: the one whose file stands nearest to where it was thrown, else the
 * one under whose name the code ran; nothing where neither is known.
 */
export function roomOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  return /[/\\]servers[/\\]([a-z-]+)[/\\]/.exec(stack ?? '')?.[1] ?? current.getStore();
}
