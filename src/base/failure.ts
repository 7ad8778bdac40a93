/** The words of whatever was thrown: its message where it has one. Never throws itself. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === 'string' ? thrown : Object.prototype.toString.call(thrown);
}

/** The code that Node, PostgreSQL and our own errors carry (`ENOENT`, `23505`, `busy`); nothing where there is none. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

/** What was thrown and, after it, each cause down to the first, as one line: `Cannot x: y ← connect ECONNREFUSED`. */
export function describeFailure(thrown: unknown): string {
  const words: string[] = [];
  let next = thrown;
  // A cause can point back at its own effect; ten are more than any real chain has.
  for (let depth = 0; depth < 10 && next !== undefined; depth++) {
    words.push(messageOf(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return words.join(' ← ');
}
