/** How many random histories are lived through, and how long they are. Only tests import this file. */
const SOAK = process.env['EMCEE_SOAK'] !== undefined;

/** How many deeds a history has at most: `npm run soak` asks for thousands. */
export const LONGEST_HISTORY = SOAK ? 4_000 : 300;

/** So many histories are enough for the gate; soak lives through as many as its patience allows. */
export const histories = (enough: number): number => (SOAK ? 1_000 : enough);

/** In milliseconds; one that goes wrong is made smaller for as long again, before it is shown. */
export const PATIENCE = SOAK ? 300_000 : 20_000;
