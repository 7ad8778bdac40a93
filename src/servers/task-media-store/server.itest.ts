import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { InteractionId, QueueId, WorkItemId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { DirectorDouble } from '../../../test/doubles/director.ts';
import { ConfigurationDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { taskMediaStore } from './contract.ts';
import { startTaskMediaStore } from './server.ts';
import { openTables } from './tables.ts';
import {
  DIRECTOR_WITHIN,
  create,
  newTaskId,
  read,
  taskStoreSuite,
  until,
} from './testing/suite.ts';

/** A centre with a database; store and director come and go as a test wants. */
async function openCentre() {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  for (const queue of ['sales', 'support']) configuration.put('queue', queue, {});
  life.use(centre.serve(configurationServer, configuration.implementation()));
  const running = life.move();
  return {
    centre,
    director,
    client: centre.connect(taskMediaStore, 'desktop-server'),
    serveDirector: () => running.use(centre.serve(mediaDirector, director.implementation())),
    startStore: async () => {
      const settings = { 'director-within': DIRECTOR_WITHIN };
      const platform = centre.platform('task-media-store', { database, settings });
      return running.use(await startTaskMediaStore(platform));
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

taskStoreSuite('on PostgreSQL', async () => {
  const opened = await openCentre();
  await opened.startStore();
  return opened;
});

test('a task survives the store that took it, and is submitted by the next', async () => {
  await using opened = await openCentre();
  const id = newTaskId();
  {
    const store = await opened.startStore();
    await create(opened, id);
    await store[Symbol.asyncDispose]();
  }
  opened.serveDirector();
  await opened.startStore();
  await until(() => expect(opened.director.itemOf(id)).toMatchObject({ state: 'queued' }));
});

test('what happened while the store was away is learnt from the journal', async () => {
  await using opened = await openCentre();
  const { director } = opened;
  opened.serveDirector();
  const [closed, moved, left] = [newTaskId(), newTaskId(), newTaskId()];
  {
    const store = await opened.startStore();
    for (const id of [closed, moved, left]) await create(opened, id);
    await store[Symbol.asyncDispose]();
  }
  const item = director.itemOf(closed);
  if (item) director.close(item);
  const at = director.journal.at(-1)?.at;
  const other = director.itemOf(moved);
  const to = other && director.transfer(other, 'support');
  await opened.startStore();
  await until(async () => expect(await read(opened, closed)).toMatchObject({ closedAt: at }));
  await until(async () =>
    expect(await read(opened, moved)).toMatchObject({ workItem: to, queue: 'support' }),
  );
  expect((await read(opened, left))?.closedAt).toBeUndefined();
  expect(director.heard.filter((said) => said.startsWith('force-close'))).toEqual([]);
});

test('both sides agree again when the director has lost its journal, an item, or knows one too many', async () => {
  await using opened = await openCentre();
  const { director } = opened;
  opened.serveDirector();
  const [kept, lost, closed] = [newTaskId(), newTaskId(), newTaskId()];
  {
    const store = await opened.startStore();
    for (const id of [kept, lost, closed]) await create(opened, id);
    await opened.client.call.cancel({ task: closed, by: 'agent-1' });
    await store[Symbol.asyncDispose]();
  }
  const item = director.itemOf(lost);
  if (item) director.lose(item);
  const stray = director.itemOf(kept);
  if (stray) {
    const { id: _id, ...rest } = stray;
    const item = WorkItemId.parse(newId());
    director.tell({ type: 'work-item-entered', ...rest, item, conversation: newTaskId() });
  }
  await opened.startStore();
  await until(() => expect(director.itemOf(lost)).toMatchObject({ state: 'queued' }));
  await until(() => expect(director.centre.items.size).toBe(2));
  expect(director.itemOf(kept)).toBeDefined();
});

test('a restart of the director is not noticed by those who create tasks', async () => {
  await using opened = await openCentre();
  await opened.startStore();
  const ids = Array.from({ length: 100 }, newTaskId);
  const first = opened.serveDirector();
  for (const [n, id] of ids.entries()) {
    if (n === 30) await first[Symbol.asyncDispose]();
    if (n === 35) opened.serveDirector();
    await create(opened, id);
  }
  await until(() => expect(opened.director.centre.items.size).toBe(100));
  const submitted = opened.director.journal.filter(({ body }) => body.type === 'work-item-entered');
  expect(submitted).toHaveLength(100);
});

test('all tasks that many create at the same time are in their queue', async () => {
  await using opened = await openCentre();
  await opened.startStore();
  opened.serveDirector();
  const creator = async (): Promise<void> => {
    for (let n = 0; n < 25; n++) await create(opened, newTaskId());
  };
  await Promise.all(Array.from({ length: 40 }, creator));
  expect(opened.director.centre.items.size).toBe(1_000);
});

test('Storage.markSubmitted() waits for nobody: who holds a task waits for the others, maybe', async () => {
  await using database = await testDatabase();
  const storage = await openTables(database);
  const tasks = [newTaskId(), newTaskId()];
  for (const id of tasks) {
    const task = {
      id,
      interaction: InteractionId.parse(newId()),
      workItem: WorkItemId.parse(newId()),
      queue: QueueId.parse('sales'),
      title: 'Call back',
      text: '',
      fields: [],
      createdAt: 0,
      createdBy: 'test',
    };
    await storage.add({ task, isSubmitted: false });
  }
  await database.transaction(async (tx) => {
    const text = 'select from task_media_store.tasks where id = $1 for update';
    await tx.query({ text, values: [tasks[0]] });
    await storage.markSubmitted(tasks);
  });
  expect((await storage.pending([], 10)).map(({ task }) => task.id)).toEqual(tasks.slice(0, 1));
});
