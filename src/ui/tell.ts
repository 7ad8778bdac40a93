import { notifications } from '@mantine/notifications';
import { ApiFailure } from './api-client.ts';

const USUAL = { withBorder: true, closeButtonProps: { 'aria-label': 'Close this message' } };

/** Tells the person in one sentence that something did not work. */
export function tellFailure(failure: unknown): void {
  const message =
    failure instanceof ApiFailure ? failure.message : 'Something went wrong. Please try again.';
  notifications.show({ color: 'red', message, ...USUAL, autoClose: 8_000 });
}

/** Tells the person in one sentence that something is done. */
export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message, ...USUAL });
}

/** Runs `action`; a failure is told, and the answer is then undefined. */
export async function attempt<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (failure) {
    tellFailure(failure);
    return undefined;
  }
}
