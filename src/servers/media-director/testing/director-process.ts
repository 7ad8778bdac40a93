/**
 * A director in a process of its own, under load until it is killed: producers submit, agents accept and
 * close, and the parent is told of what is begun and of every answer. Only tests start this file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '#base/time.ts';
import { openDatabase } from '#platform/database/pool.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { ConfigurationDouble } from '../../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../../test/doubles/test-centre.ts';
import { mediaDirector, type Submission } from '../contract.ts';
import { startMediaDirector } from '../server.ts';
import { agentId, documents, submission } from './centre.ts';

/** What the parent is told. */
export type Told =
  | { readonly type: 'submitting'; readonly item: Submission }
  | { readonly type: 'submitted' | 'closed'; readonly item: WorkItemId }
  | {
      readonly type: 'accepted';
      readonly item: WorkItemId;
      readonly agent: string;
      readonly offer: number;
    };

const AGENTS = Array.from({ length: 50 }, (_, n) => agentId(`agent-${n}`));

/** 200 work items a second, and as many offers: agents take what they are offered at once. */
const EVERY: Milliseconds = 10;
const AT_ONCE = 2;

/** Producers wait while so many are open: the load is hand-overs, not a line that only grows. */
const MOST_OPEN = 300;

const [url = '', again = '[]'] = process.argv.slice(2);
const tell = (told: Told): void => void process.send?.(told);

const database = await openDatabase({ url, name: 'test' });
const centre = new TestCentre();
const configuration = new ConfigurationDouble();
const capacity = { capacity: { 'web-chat': 3 } };
const set = documents({
  agent: Object.fromEntries(AGENTS.map((agent) => [agent, capacity])),
  queue: { sales: {} },
});
for (const { kind, id, body } of set) configuration.put(kind, id, body);
centre.serve(configurationServer, configuration.implementation());
const settings = { 'seat-timeout': 0, 'checkpoint-after': 100 };
await startMediaDirector(centre.platform('media-director', { database, settings, home: 'test' }));
const desktop = centre.connect(mediaDirector, 'desktop-server');
const store = centre.connect(mediaDirector, 'simple-messaging-media-store');

async function submit(item: Submission): Promise<void> {
  open++;
  tell({ type: 'submitting', item });
  for (;;) {
    try {
      await store.call.submit({ item });
      return tell({ type: 'submitted', item: item.id });
    } catch {
      await sleep(5); // the configuration has not been heard yet
    }
  }
}

let open = 0;

/** Keeps the pace, whatever the answers take. */
function produce(): void {
  if (open > MOST_OPEN) return;
  for (let n = 0; n < AT_ONCE; n++) void submit(submission({ enteredAt: Date.now() }));
}

/** Accepts whatever is offered, and closes it. */
async function work(): Promise<void> {
  const { position, items } = await desktop.call.snapshot({});
  const handle = async (item: WorkItemId, agent: (typeof AGENTS)[number], offer: number) => {
    await desktop.call.accept({ item, agent, offer });
    tell({ type: 'accepted', item, agent, offer });
    await desktop.call.close({ item, agent });
    open--;
    tell({ type: 'closed', item });
  };
  for (const { id, agent, offer, state } of items) {
    if (agent && offer && state !== 'queued') handle(id, agent, offer).catch(() => undefined);
  }
  for await (const { event } of desktop.follow.journal({ since: position })) {
    const { body } = event;
    if (body.type !== 'work-item-offered') continue;
    handle(body.item, body.agent, body.offer).catch(() => undefined);
  }
}

const begun = work();
for (const agent of AGENTS) {
  const logIn = () => desktop.call.logIn({ agent, station: `station-of-${agent}` });
  while (!(await logIn().catch(() => undefined))) await sleep(5);
  await desktop.call.setReadiness({ agent, readiness: { state: 'ready' } });
}
for (const item of JSON.parse(again) as Submission[]) await submit(item);
setInterval(produce, EVERY);
await begun;
