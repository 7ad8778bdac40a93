import { readEnvironment } from '../emcee.ts';
import { runWallboard } from './wallboard.ts';

const [url = '', token = ''] = readEnvironment('EMCEE_URL', 'EMCEE_TOKEN');
const life = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => life.abort());

/** Clears the terminal and starts at its top. */
const CLEAR = '\u001B[2J\u001B[H';

await runWallboard({ url, token, show: (screen) => console.log(`${CLEAR}${screen}`) }, life.signal);
