import type { Attachment } from '#domain/email/email.ts';
import type { DraftId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';

/** Bytes of one piece: a slow line answers within the deadline, and a fast one is not held up. */
const PIECE = 196_608;

/**
 * Brings a file to the server, piece by piece; `progress` hears of each as a part of 1.
 *
 * @throws {ApiFailure} If it is too large, harmful, or the server cannot be reached.
 */
export async function upload(
  draft: DraftId,
  file: File,
  inline: boolean,
  progress: (part: number) => void,
): Promise<Attachment> {
  const id = crypto.randomUUID();
  for (let offset = 0; ;) {
    const piece = new Uint8Array(await file.slice(offset, offset + PIECE).arrayBuffer());
    const last = offset + piece.length >= file.size;
    const answer = await server.attachToDraft({
      params: { id: draft },
      body: {
        id,
        name: file.name || 'picture.png',
        type: file.type || 'application/octet-stream',
        inline,
        offset,
        bytes: base64(piece),
        last,
      },
    });
    if (answer.attachment) return answer.attachment;
    offset = answer.offset;
    progress(file.size === 0 ? 1 : offset / file.size);
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // In parts: a function takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return btoa(text);
}
