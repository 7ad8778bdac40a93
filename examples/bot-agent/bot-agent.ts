import { Emcee, type Frame } from '../emcee.ts';
import { answerTo, wantsPerson } from './answers.ts';

export interface BotOptions {
  readonly url: string;
  readonly token: string;
  /** The agent that the bot is. */
  readonly agent: string;
  /** The queue of people it hands over to. */
  readonly humans: string;
  readonly log?: (line: string) => void;
}

interface WorkItem {
  readonly id: string;
  readonly conversation: string;
  readonly channel: string;
  readonly state: string;
  readonly agent?: string;
  readonly offer?: number;
}

interface Message {
  readonly conversation: string;
  readonly number: number;
  readonly from: 'customer' | 'agent' | 'system';
  readonly text: string;
}

/** Messages in a row that the bot may fail to understand before it hands over. */
const PATIENCE = 2;

/** Works as an agent until the signal. Every step may be repeated: nothing is said or done twice. */
export async function runBot(options: BotOptions, signal: AbortSignal): Promise<void> {
  const { url, token, agent, humans, log = () => undefined } = options;
  const emcee = new Emcee({ url, token, agent });
  /** Work items of the bot by conversation. */
  const items = new Map<string, string>();

  await beReady();
  for await (const frame of emcee.follow(['work', 'messages'], signal)) {
    try {
      await take(frame);
    } catch (error) {
      // Somebody was quicker, it is over, or Emcee restarts: the frames to come say how it is.
      log(error instanceof Error ? error.message : String(error));
    }
  }

  async function take(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'snapshot':
      case 'caught-up':
        // What happened while the bot was away, or a frame it failed on, is found here.
        return lookAtEverything();
      case 'work': {
        const { body } = frame['record'] as { body: Frame };
        if (body['agent'] !== agent) return;
        if (body.type === 'work-item-offered') {
          await accept(String(body['item']), Number(body['offer']));
        } else if (isPutAside(body)) await beReady();
        return;
      }
      case 'message': {
        const message = frame['message'] as Message;
        if (message.from === 'customer' && items.has(message.conversation)) {
          await answer(message.conversation);
        }
      }
    }
  }

  async function beReady(): Promise<void> {
    await emcee.call('POST', '/me/log-in', { station: 'bot', takeOver: true });
    await emcee.call('PUT', '/me/readiness', { state: 'ready' });
    log(`"${agent}" is ready`);
  }

  async function lookAtEverything(): Promise<void> {
    const all = await emcee.call<{ items: WorkItem[] }>('GET', `/work-items?agent=${agent}`);
    for (const item of all.items) {
      if (item.state === 'offered') await accept(item.id, item.offer ?? 0);
      if (item.state !== 'accepted' || items.has(item.conversation)) continue;
      items.set(item.conversation, item.id);
      await answer(item.conversation);
    }
  }

  async function accept(id: string, offer: number): Promise<void> {
    const item = await emcee.call<WorkItem>('POST', `/work-items/${id}/accept`, { offer });
    log(`accepted ${id}`);
    items.set(item.conversation, id);
    await answer(item.conversation);
  }

  /** Answers the customer's last message, unless that has been done; or hands over. */
  async function answer(conversation: string): Promise<void> {
    const { messages } = await emcee.call<{ messages: Message[] }>(
      'GET',
      `/conversations/${conversation}`,
    );
    const said = messages.filter(({ from }) => from === 'customer');
    const last = said.at(-1);
    if (!last) return;
    await emcee.call('POST', `/conversations/${conversation}/marks`, { read: last.number });
    const misunderstood = said.slice(-PATIENCE).every(({ text }) => answerTo(text) === undefined);
    if (wantsPerson(last.text) || (misunderstood && said.length >= PATIENCE)) {
      return handOver(conversation, last.number);
    }
    const text = answerTo(last.text) ?? 'I did not understand that. Could you say it another way?';
    await say(conversation, last.number, text);
  }

  async function handOver(conversation: string, number: number): Promise<void> {
    const item = items.get(conversation);
    if (item === undefined) return;
    await say(conversation, number, 'I will get somebody who can help you. One moment, please.');
    const target = { queue: humans };
    await emcee.call('POST', `/work-items/${item}/transfer`, { to: crypto.randomUUID(), target });
    items.delete(conversation);
    log(`handed ${item} over to "${humans}"`);
  }

  /** The id is made of what is answered: whoever says it twice stores it once. */
  async function say(conversation: string, number: number, text: string): Promise<void> {
    const id = `bot-${number}`;
    await emcee.call('POST', `/conversations/${conversation}/messages`, { id, text });
  }
}

/** Whether the bot was made not ready, or logged out, because it was away: not by a supervisor, who has a reason. */
function isPutAside(event: Frame): boolean {
  if (event['by'] !== undefined) return false;
  const readiness = event['readiness'] as { state: string; reason?: string } | undefined;
  return (
    (event.type === 'agent-logged-out' && event['reason'] === 'vanished') ||
    (event.type === 'agent-readiness-changed' &&
      readiness?.state === 'not-ready' &&
      ['no-answer', 'vanished'].includes(readiness.reason ?? ''))
  );
}
