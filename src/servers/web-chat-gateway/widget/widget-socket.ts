import { WebSocket } from 'ws';
import type { Milliseconds } from '#base/time.ts';
import type { ConversationId, EntryPointId } from '#domain/ids.ts';
import type { Bucket } from '../rules/bucket.ts';
import type { ServerFrame } from '../contract.ts';
import type { Source } from './sources.ts';

/** What is not sent because the other end does not fetch it: more, and it is disconnected. */
const MOST_UNSENT_BYTES = 1024 * 1024;

/**
 * One connected widget. Ten thousand of them sit idle, so what it holds is small: no closures, no
 * timers, no request; numbers, and references to what others share.
 */
export class WidgetSocket extends WebSocket {
  source: Source | undefined = undefined;
  /** Who takes its frames. */
  sessions:
    | { take(socket: WidgetSocket, text: string): void; left(socket: WidgetSocket): void }
    | undefined = undefined;
  entryPoint: EntryPointId | undefined = undefined;
  conversation: ConversationId | undefined = undefined;
  /** Whether the store knows the conversation: before the first message it does not. */
  isOpened = false;
  /** Counts hellos, so that what one began is not finished after the next. */
  hellos = 0;
  /** When it last said something, on the monotonic clock. */
  heardAt: Milliseconds = 0;
  /** What it may still say; only of those who say much. */
  frames: Bucket | undefined = undefined;
  /** How often it was told to wait, and went on. */
  overdrawn = 0;
  typingSaidAt: Milliseconds = 0;
  /** Its messages that the store has, or is about to: whoever knows first that one is stored tells it. */
  posting: Map<string, 'under-way' | 'told'> | undefined = undefined;
  /** Events that wait until what came before them has been read. */
  held: HeldEvent[] | undefined = undefined;
}

export interface HeldEvent {
  readonly position: number;
  readonly frame: string;
}

export const encode = (frame: ServerFrame): string => JSON.stringify(frame);

/** Sends a frame that is encoded already; who does not fetch what was sent before is disconnected. */
export function send(socket: WidgetSocket, frame: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MOST_UNSENT_BYTES) socket.terminate();
  else socket.send(frame);
}
