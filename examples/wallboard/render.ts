/** The board as lines of text. A pure function of what the API gives. */

/** What the wallboard uses of `GET /board`. */
export interface Board {
  readonly at: number;
  readonly queues: readonly {
    readonly queue: string;
    readonly waiting: number;
    readonly oldestWaitingSince: number | null;
    readonly withAgents: number;
    readonly figures: Readonly<Record<string, number | null>>;
  }[];
  readonly agents: readonly { readonly activity: string }[];
}

const HEAD = ['Queue', 'Waiting', 'Oldest', 'Talking', 'Answered', 'Abandoned', 'Service level'];
const ACTIVITIES = ['busy', 'wrap-up', 'ready', 'not-ready'];

/** @param names What people call the queues, by id. */
export function render(board: Board, names: ReadonlyMap<string, string>): string {
  const rows = board.queues.map((queue) => [
    names.get(queue.queue) ?? queue.queue,
    String(queue.waiting),
    queue.oldestWaitingSince === null ? '' : clock(board.at - queue.oldestWaitingSince),
    String(queue.withAgents),
    String(queue.figures['answered'] ?? 0),
    String(queue.figures['abandoned'] ?? 0),
    percent(queue.figures['service-level']),
  ]);
  const agents = ACTIVITIES.map((activity) => {
    const count = board.agents.filter((agent) => agent.activity === activity).length;
    return `${count} ${activity}`;
  });
  return [...table([HEAD, ...rows]), '', `Agents: ${agents.join(', ')}`].join('\n');
}

/** The first column to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function clock(duration: number): string {
  const seconds = Math.max(0, Math.floor(duration / 1_000));
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${Math.round(value)} %`;
