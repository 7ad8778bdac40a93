import { z } from 'zod';
import { COMPONENTS } from '#base/component-name.ts';
import type { SettingsSchema } from '#platform/settings/settings.ts';

const Url = z.url({
  protocol: /^(wss?|tcp|tls|https?)$/,
  error: 'write wss://host:port, or tls://host:port for lines',
});

/** `peers.COMPONENT`: where a component runs, for those who do not ask a directory. */
export const peerSettings: SettingsSchema = Object.fromEntries(
  COMPONENTS.map((component) => [
    component,
    {
      schema: z.record(z.string(), Url),
      default: {},
      what: `Where ${component} is reached: an address for each row of the port matrix, as {"${component}": "wss://host:port"}.`,
      why: 'Components find each other by themselves; an address is needed where a network keeps them from it.',
    },
  ]),
);
