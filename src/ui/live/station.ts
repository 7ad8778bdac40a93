const KEY = 'emcee.station';

/** The name of this browser as a station: made once, kept. Two tabs are one station. */
export function thisStation(): string {
  const kept = localStorage.getItem(KEY);
  if (kept) return kept;
  const made = `browser-${crypto.randomUUID().slice(0, 8)}`;
  localStorage.setItem(KEY, made);
  return made;
}
