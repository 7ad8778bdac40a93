import { readEnvironment } from '../emcee.ts';
import { runBot } from './bot-agent.ts';

const [url = '', token = '', agent = '', humans = ''] = readEnvironment(
  'EMCEE_URL',
  'EMCEE_TOKEN',
  'EMCEE_AGENT',
  'EMCEE_HUMANS',
);
const life = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => life.abort());

// Chats that the bot has go back to their queue, with their age, a moment after it is gone.
await runBot({ url, token, agent, humans, log: (line) => console.log(line) }, life.signal);
