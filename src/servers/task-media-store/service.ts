import type { Implementation } from '#base/contract.ts';
import type { taskMediaStore } from './contract.ts';
import type { Storage } from './storage.ts';
import type { Tasks } from './tasks.ts';

/** The contract, made of the parts that do the work. */
export function taskService(tasks: Tasks, storage: Storage): Implementation<typeof taskMediaStore> {
  return {
    methods: {
      create: async (wanted) => ({ task: await tasks.create(wanted) }),
      read: async ({ tasks: ids }) => ({
        tasks: (await storage.tasks(ids)).map(({ task }) => task),
      }),
      async cancel({ task, by }) {
        await tasks.cancel(task, by);
        return {};
      },
    },
    streams: {},
  };
}
