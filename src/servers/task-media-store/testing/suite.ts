/** What every task media store must keep: the same tests for the real one and its double. */
import { expect, test, vi } from 'vitest';
import type { Client } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, ConversationId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { Task, TaskBody } from '#domain/task.ts';
import type { DirectorDouble } from '../../../../test/doubles/director.ts';
import type { taskMediaStore } from '../contract.ts';

export interface TaskStoreCentre extends AsyncDisposable {
  readonly client: Client<typeof taskMediaStore>;
  readonly director: DirectorDouble;
  /** Lets the director be found, until what it resolves with is disposed. */
  serveDirector(): AsyncDisposable;
}

/** How long a store in a test waits for a director that is away. */
export const DIRECTOR_WITHIN = 200;

/** Opens a store whose configuration has the queues `sales` and `support`, and whose director is away. */
export type OpenTaskStore = () => Promise<TaskStoreCentre>;

const BY = 'integration:crm';
const SALES = QueueId.parse('sales');

const body: TaskBody = {
  title: 'Call back',
  text: 'About the invoice',
  fields: [{ name: 'Number', value: 'A-1' }],
  link: 'https://example.com/invoices/1',
};

export const newTaskId = (): ConversationId => ConversationId.parse(newId());

export async function create(
  { client }: Pick<TaskStoreCentre, 'client'>,
  id = newTaskId(),
  queue = SALES,
): Promise<Task> {
  return (await client.call.create({ id, queue, priority: 2, body, by: BY })).task;
}

export async function read(
  { client }: Pick<TaskStoreCentre, 'client'>,
  id: ConversationId,
): Promise<Task | undefined> {
  return (await client.call.read({ tasks: [id, newTaskId()] })).tasks[0];
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** Waits until what is asked comes true. */
export const until = (look: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(look, { timeout: 15_000, interval: 10 });

/** The contract suite; `way` names the implementation in the tests' names. */
export function taskStoreSuite(way: string, open: OpenTaskStore): void {
  const opened = async (): Promise<TaskStoreCentre> => {
    const centre = await open();
    centre.serveDirector();
    return centre;
  };

  test(`${way}: a task is in its queue when it is created, and can be read`, async () => {
    await using centre = await opened();
    const id = newTaskId();
    const task = await create(centre, id);
    expect(task).toEqual({
      ...body,
      id,
      queue: 'sales',
      interaction: expect.any(String),
      workItem: expect.any(String),
      createdAt: expect.any(Number),
      createdBy: BY,
    });
    expect(await read(centre, id)).toEqual(task);
    expect(centre.director.itemOf(id)).toMatchObject({
      id: task.workItem,
      interaction: task.interaction,
      channel: 'task',
      queue: 'sales',
      priority: 2,
      enteredAt: task.createdAt,
    });
  });

  test(`${way}: creating a task many times has the effect of once`, async () => {
    await using centre = await opened();
    const id = newTaskId();
    const tasks = await Promise.all(Array.from({ length: 20 }, () => create(centre, id)));
    expect(new Set(tasks.map((task) => task.workItem)).size).toBe(1);
    expect(centre.director.centre.items.size).toBe(1);
  });

  test(`${way}: an agent closes it, and it is closed here`, async () => {
    await using centre = await opened();
    const { id } = await create(centre);
    const item = centre.director.itemOf(id);
    if (item) centre.director.close(item);
    await until(async () => expect((await read(centre, id))?.closedAt).toBeTypeOf('number'));
  });

  test.each(['asked', 'overflow'] as const)(
    `${way}: a transfer gives it another work item and queue (%s)`,
    async (cause) => {
      await using centre = await opened();
      const { id, workItem } = await create(centre);
      const item = centre.director.itemOf(id);
      const to = item && centre.director.transfer(item, 'support', cause);
      await until(async () =>
        expect(await read(centre, id)).toMatchObject({ workItem: to, queue: 'support' }),
      );
      expect(to).not.toBe(workItem);
      const moved = centre.director.itemOf(id);
      if (moved) centre.director.close(moved);
      await until(async () => expect((await read(centre, id))?.closedAt).toBeTypeOf('number'));
    },
  );

  test(`${way}: a task that was merged into another is shown with it, wherever that went on`, async () => {
    await using centre = await opened();
    const [first, second, third] = [
      await create(centre),
      await create(centre),
      await create(centre),
    ];
    const merge = (one: Task, other: Task): void => {
      const by = AgentId.parse('agent-1');
      const [item, into] = [one.workItem, other.workItem];
      centre.director.tell({ type: 'work-item-merged', item, into, by });
    };
    merge(first, second);
    merge(second, third);
    const content = ({ id, title, text, fields, link, createdAt }: Task) => ({
      id,
      title,
      text,
      fields,
      link,
      createdAt,
    });
    await until(async () =>
      expect((await read(centre, third.id))?.merged).toEqual([content(first), content(second)]),
    );
    expect((await read(centre, first.id))?.closedAt).toBeTypeOf('number');
    expect((await read(centre, third.id))?.closedAt).toBeUndefined();
  });

  test(`${way}: a second matter is work of its own; what is merged into it is shown with the task`, async () => {
    await using centre = await opened();
    const task = await create(centre);
    await until(() => expect(centre.director.followers).toBeGreaterThan(0));
    const item = centre.director.itemOf(task.id);
    if (!item) throw new Error('The task is not open');
    const to = WorkItemId.parse(newId());
    const { conversation, interaction, channel, priority } = item;
    centre.director.tell({
      type: 'work-item-entered',
      item: to,
      conversation,
      interaction,
      channel,
      priority,
      queue: SALES,
      enteredAt: Date.now(),
      splitFrom: item.id,
    });
    const other = await create(centre);
    const by = AgentId.parse('agent-1');
    centre.director.tell({ type: 'work-item-merged', item: other.workItem, into: to, by });
    centre.director.close(item);
    await until(async () =>
      expect(await read(centre, task.id)).toMatchObject({
        closedAt: expect.any(Number),
        merged: [{ id: other.id }],
      }),
    );
    expect(centre.director.heard).not.toContain(`force-close ${to}`);
    expect(centre.director.centre.items.has(to)).toBe(true);
  });

  test(`${way}: a cancelled task leaves the queue`, async () => {
    await using centre = await opened();
    const { id } = await create(centre);
    await centre.client.call.cancel({ task: id, by: BY });
    expect(centre.director.itemOf(id)).toBeUndefined();
    expect((await read(centre, id))?.closedAt).toBeTypeOf('number');
    await centre.client.call.cancel({ task: id, by: BY }); // again: nothing happens
    expect(await codeOf(centre.client.call.cancel({ task: newTaskId(), by: BY }))).toBe(
      'unknown-task',
    );
    const nobody = centre.client.call.cancel({ task: id, by: '\0' });
    expect(await codeOf(nobody)).toBe('invalid-params');
  });

  test(`${way}: a queue that is not there is refused, and nothing stays behind`, async () => {
    await using centre = await opened();
    const nowhere = QueueId.parse('nowhere');
    centre.director.unknownQueues.add(nowhere);
    const id = newTaskId();
    expect(await codeOf(create(centre, id, nowhere))).toBe('unknown-queue');
    expect(await read(centre, id)).toBeUndefined();
    await create(centre, id); // the id is free
  });

  test(`${way}: a task created while the director is away comes to it when it is back`, async () => {
    await using centre = await open();
    const { id } = await create(centre);
    expect(await codeOf(create(centre, newTaskId(), QueueId.parse('nowhere')))).toBe(
      'unknown-queue',
    );
    const taken = await create(centre);
    await centre.client.call.cancel({ task: taken.id, by: BY });
    centre.serveDirector();
    await until(() => expect(centre.director.itemOf(id)).toMatchObject({ state: 'queued' }));
    await until(async () => expect((await read(centre, taken.id))?.closedAt).toBeTypeOf('number'));
    expect(centre.director.itemOf(taken.id)).toBeUndefined();
    expect(centre.director.centre.items.size).toBe(1);
  });
}
