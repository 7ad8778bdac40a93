/** What the suite asks of a director, in a few words. Only tests import this file. */
import type { Client } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { CentreSnapshot } from '#domain/work-item/centre.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import { wholeCentre } from '#domain/work-item/whole-centre.ts';
import type { mediaDirector, Submission } from '../contract.ts';
import { submission } from './centre.ts';

/** A director that is tested. */
export interface Subject extends AsyncDisposable {
  /** As desktop-server and as a media store. */
  readonly desktop: Client<typeof mediaDirector>;
  readonly store: Client<typeof mediaDirector>;
}

/** What went wrong, by its code; `done` where nothing did. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** Calls of the director that is tested at the moment. */
export function callsOn(tested: () => Subject) {
  const ready = async (...agents: AgentId[]): Promise<void> => {
    for (const agent of agents) {
      await tested().desktop.call.logIn({ agent, station: `station-of-${agent}` });
      await tested().desktop.call.setReadiness({ agent, readiness: { state: 'ready' } });
    }
  };
  const submit = async (more: Partial<Submission> = {}): Promise<WorkItemId> => {
    const item = submission({ enteredAt: Date.now(), ...more });
    await tested().store.call.submit({ item });
    return item.id;
  };
  const centre = (): Promise<CentreSnapshot> =>
    wholeCentre((page) => tested().desktop.call.snapshot({ page }));
  const item = async (id: WorkItemId): Promise<OpenWorkItem> => {
    const found = (await centre()).items.find((each) => each.id === id);
    if (!found) throw new Error(`Cannot find work item "${id}"`);
    return found;
  };
  const offer = async (id: WorkItemId) => {
    const { agent, offer: number } = await item(id);
    if (!agent || !number) throw new Error(`Cannot find an offer of work item "${id}"`);
    return { item: id, agent, offer: number };
  };
  const accepted = async (more: Partial<Submission> = {}): Promise<WorkItemId> => {
    const id = await submit(more);
    await tested().desktop.call.accept(await offer(id));
    return id;
  };
  const events = async (since: number): Promise<DirectorEvent[]> => {
    const { position } = await centre();
    const found: DirectorRecord[] = [];
    if (position === since) return [];
    for await (const { event } of tested().desktop.follow.journal({ since })) {
      found.push(event);
      if (event.position === position) break;
    }
    return found.map((record) => record.body);
  };
  return { ready, submit, centre, item, offer, accepted, events };
}
