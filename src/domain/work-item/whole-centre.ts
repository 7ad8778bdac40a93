/** Answers that are too large for one message come in pages. */
import { z } from 'zod';
import type { CentreSnapshot } from './centre.ts';

/** Where the next page of an answer begins. */
export const Page = z.object({ of: z.string().max(64), from: z.int().min(0) });
export type Page = z.infer<typeof Page>;

/** Asks for a page; without one, for the first. */
type Read<Part> = (page: Page | undefined) => Promise<Part & { readonly next?: Page | undefined }>;

/**
 * Reads the centre, page by page, all of one moment.
 *
 * @param read Asks the director: its `snapshot`.
 */
export async function wholeCentre(read: Read<CentreSnapshot>): Promise<CentreSnapshot> {
  const { position, items, agents, next } = await read(undefined);
  const whole = { position, items: [...items], agents: [...agents] };
  for (let page = next; page;) {
    const more = await read(page);
    for (const item of more.items) whole.items.push(item);
    for (const agent of more.agents) whole.agents.push(agent);
    page = more.next;
  }
  return whole;
}

/** As `wholeCentre`, of what a store holds open: the director's `openItems`. */
export async function allOpenItems(
  read: Read<Omit<CentreSnapshot, 'agents'>>,
): Promise<Omit<CentreSnapshot, 'agents'>> {
  const { position, items } = await wholeCentre(async (page) => ({
    ...(await read(page)),
    agents: [],
  }));
  return { position, items };
}
