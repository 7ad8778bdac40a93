/** What parent and child tell each other over the channel that Node opens between them. */

/** From a child. */
export type ChildMessage =
  /** It does what it is for. `drain` is how long stopping may take it, in milliseconds. */
  | { readonly type: 'ready'; readonly drain: number }
  /** It is about to end; `room` is the component whose code failed, where that is known. */
  | { readonly type: 'failed'; readonly room?: string; readonly message: string };

/** From the parent: stop, and let what is in flight finish. */
export interface ParentMessage {
  readonly type: 'drain';
}

/** Ended as asked. */
export const EXIT_STOPPED = 0;
/** A component's code failed; starting again may help. (`EX_SOFTWARE` of sysexits.h) */
export const EXIT_CRASHED = 70;
/** Settings, ports or data forbid it; starting again helps nobody. (`EX_CONFIG` of sysexits.h) */
export const EXIT_CANNOT_START = 78;

export function isChildMessage(value: unknown): value is ChildMessage {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return (
    (value.type === 'ready' && 'drain' in value && typeof value.drain === 'number') ||
    (value.type === 'failed' && 'message' in value && typeof value.message === 'string')
  );
}

export function isParentMessage(value: unknown): value is ParentMessage {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'drain';
}
