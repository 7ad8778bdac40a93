/** The components of Emcee, each a room in `src/servers/`. */
export const COMPONENTS = [
  'database',
  'application-management',
  'configuration-server',
  'license-director',
  'ttrace-server',
  'media-director',
  'simple-messaging-media-store',
  'email-media-store',
  'task-media-store',
  'web-chat-gateway',
  'contact-directory',
  'ids-multimedia',
  'ids-view',
  'desktop-server',
] as const;

export type ComponentName = (typeof COMPONENTS)[number];

export const isComponentName = (name: string): name is ComponentName =>
  (COMPONENTS as readonly string[]).includes(name);
