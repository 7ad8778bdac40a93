import { Emcee } from '../emcee.ts';
import { type Board, render } from './render.ts';

export interface WallboardOptions {
  readonly url: string;
  readonly token: string;
  /** Shows a whole screen. */
  readonly show: (screen: string) => void;
}

/** Waiting times grow though nothing happens: so often they are drawn anew, in milliseconds. */
const REDRAW_EVERY = 5_000;

/** Shows the board whenever it has changed, until the signal. */
export async function runWallboard(
  { url, token, show }: WallboardOptions,
  signal: AbortSignal,
): Promise<void> {
  const emcee = new Emcee({ url, token });
  const names = new Map<string, string>();

  const draw = async (): Promise<void> => {
    try {
      show(render(await emcee.call<Board>('GET', '/board'), names));
    } catch (error) {
      show(`No figures: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const { documents } = await emcee.call<{
    documents: { id: string; body: { name: string } }[];
  }>('GET', '/configuration/queue');
  for (const { id, body } of documents) names.set(id, body.name);
  const redraw = setInterval(() => void draw(), REDRAW_EVERY);
  try {
    await draw();
    for await (const frame of emcee.follow(['board'], signal)) {
      if (frame.type === 'board') await draw();
    }
  } finally {
    clearInterval(redraw);
  }
}
