/** What a whole journal must not show. Only tests import this file. */
import { isDeepStrictEqual } from 'node:util';
import type { WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';

type ItemEvent = Extract<DirectorEvent, { item: WorkItemId }>;

/**
 * Reads a journal from its beginning: one owner at a time, each item in once and out once and then named no
 * more (S11), offers that rise, wrap-ups that nothing touches but their own end (R20).
 */
export function historyFaults(records: readonly DirectorRecord[]): string[] {
  const faults: string[] = [];
  const centre = new Centre();
  const ended = new Set<WorkItemId>();
  let lastOffer = 0;
  records.forEach((record, index) => {
    const { body, position } = record;
    const say = (what: string): void => void faults.push(`${position} ${body.type}: ${what}`);
    if (position !== index + 1) say('is not the next position');
    if ('item' in body) {
      const fault = faultOf(body, centre.items.get(body.item), ended.has(body.item));
      if (fault) say(`${body.item} ${fault}`);
    }
    if (body.type === 'work-item-offered') {
      if (body.offer <= lastOffer) say('its number does not rise');
      if (!centre.agents.has(body.agent)) say('to nobody who is logged in');
      lastOffer = body.offer;
    }
    const was = 'item' in body ? centre.items.get(body.item) : undefined;
    const wrapUps = wrapUpsOf(centre);
    centre.apply(record);
    const ends = body.type === 'wrap-up-ended' ? body.segment : undefined;
    const still = wrapUpsOf(centre);
    for (const [segment, wrapUp] of wrapUps) {
      if (segment !== ends && !isDeepStrictEqual(still.get(segment), wrapUp))
        say(`R20: touches the wrap-up of ${segment}`);
    }
    if (was && !centre.items.has(was.id)) ended.add(was.id);
  });
  return faults;
}

const wrapUpsOf = ({ agents }: Centre) =>
  new Map(
    [...agents.values()].flatMap(({ id, wrapUps }) =>
      wrapUps.map((wrapUp) => [wrapUp.segment, { agent: id, ...wrapUp }] as const),
    ),
  );

function faultOf(event: ItemEvent, item: OpenWorkItem | undefined, isOver: boolean) {
  if (event.type === 'work-item-entered') return item || isOver ? 'came in before' : undefined;
  if (event.type === 'wrap-up-started' || event.type === 'wrap-up-ended') return undefined;
  if (!item) return 'is not open';
  const now = `is ${item.state} with ${item.agent}`;
  if (event.type === 'work-item-offered') return item.state === 'queued' ? undefined : now;
  if (event.type === 'offer-ended' || event.type === 'work-item-accepted') {
    const isTheirs = item.agent === event.agent && item.offer === event.offer;
    return item.state === 'offered' && isTheirs ? undefined : now;
  }
  if (event.type === 'segment-ended') {
    return item.agent === event.agent && item.segment === event.segment ? undefined : now;
  }
  return undefined;
}
