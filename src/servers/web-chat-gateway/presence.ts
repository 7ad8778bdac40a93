import type { Client } from '#base/contract.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { messageOf } from '#base/failure.ts';
import type { Clock } from '#base/time.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { wholeCentre } from '#domain/work-item/whole-centre.ts';
import type { Health } from '#platform/platform.ts';
import type { Page, mediaDirector } from '#servers/media-director/contract.ts';
import type { Entries } from './entries.ts';
import type { Announcements } from './widget/announcements.ts';

/** Only these change who is there. */
const AGENT_EVENTS: ReadonlySet<string> = new Set(['agent-logged-in', 'agent-logged-out']);

/**
 * Knows who is logged in, and what waits, by following the director: a snapshot, then its journal. Whenever that breaks
 * off for good it begins anew with a snapshot, and until then counts everybody as there.
 */
export function followPresence(
  director: Client<typeof mediaDirector>,
  entries: Entries,
  announcements: Pick<Announcements, 'centre' | 'refresh'>,
  options: { readonly clock: Clock; readonly health: Health },
): AsyncDisposable {
  const { clock, health } = options;
  const life = new AbortController();
  const running = keepTrying(
    async (signal) => {
      const whole = await wholeCentre((page?: Page) =>
        director.call.snapshot({ page }, { signal }),
      );
      const centre = Centre.of(whole);
      entries.centre = centre;
      announcements.centre = centre;
      health.report('media-director', 'good');
      for await (const { event } of director.follow.journal({ since: centre.position, signal })) {
        if (event.position !== centre.position + 1) throw new Error('The journal has a gap');
        centre.apply(event);
        if (AGENT_EVENTS.has(event.body.type)) entries.refresh();
        if (event.body.type.startsWith('work-item-')) announcements.refresh();
      }
    },
    {
      clock,
      signal: life.signal,
      failed: (error) => {
        entries.centre = undefined;
        announcements.centre = undefined;
        health.report(
          'media-director',
          'degraded',
          `Who is there is not known: ${messageOf(error)}`,
        );
      },
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      life.abort();
      await running;
    },
  };
}
