import { z } from 'zod';
import { seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** The settings of the task media store. */
export const taskMediaStoreSettings = defineSettings({
  'director-within': {
    schema: z.int().min(0).max(seconds(8)),
    default: seconds(2),
    unit: 'ms',
    what: 'How long a program that creates or cancels a task waits for the media director before it is told later.',
    why: 'longer than a director that runs ever takes; a program is not held up by one that does not',
  },
});
