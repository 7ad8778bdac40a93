/** The worker's side: explains in a thread of its own, and asks the director's for what the archive holds. */
import { parentPort } from 'node:worker_threads';
import { explainItem } from './explain.ts';
import { History } from './history.ts';
import { RemoteArchive } from './remote-archive.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

if (!parentPort) throw new Error('Cannot explain here: this is no worker thread');
const port = parentPort;
const send = (message: FromWorker): void => port.postMessage(message);
const archive = new RemoteArchive(send);
const history = new History(archive);
const underWay = new Map<number, AbortController>();

port.on('message', (message: ToWorker) => {
  if (message.type === 'found') archive.found(message);
  else if (message.type === 'cancel') underWay.get(message.id)?.abort();
  else void explain(message);
});

async function explain({ id, question, policy, now }: ToWorker & { type: 'explain' }) {
  const stop = new AbortController();
  underWay.set(id, stop);
  try {
    const { signal } = stop;
    const explanation = await explainItem(question, { history, policy, now, signal });
    send({ type: 'explained', id, explanation });
  } catch (error) {
    send({ type: 'failed', id, error: error instanceof Error ? error.message : String(error) });
  } finally {
    underWay.delete(id);
  }
}
