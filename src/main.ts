/** The `emcee` command: the only file that knows every component, in the order in which they start. */
import type { ComponentName } from '#base/component-name.ts';
import { runCommandLine } from '#command-line/program.ts';
import type { ComponentDefinition } from '#platform/component.ts';
import { programVersion } from '#platform/installation/program.ts';

const components = new Map<ComponentName, ComponentDefinition>([
  [
    'database',
    {
      keepsData: false,
      start: async (platform) =>
        (await import('#servers/database/server.ts')).startDatabase(platform),
    },
  ],
  [
    'ttrace-server',
    {
      keepsData: false,
      settings: async () => (await import('#servers/ttrace-server/config.ts')).ttraceServerSettings,
      start: async (platform) =>
        (await import('#servers/ttrace-server/server.ts')).startTtraceServer(platform),
    },
  ],
  [
    'application-management',
    {
      keepsData: false,
      contracts: async () => [
        (await import('#servers/application-management/contract.ts')).applicationManagement,
      ],
      start: async (platform) =>
        (await import('#servers/application-management/server.ts')).startApplicationManagement(
          platform,
        ),
    },
  ],
  [
    'configuration-server',
    {
      keepsData: true,
      settings: async () =>
        (await import('#servers/configuration-server/config.ts')).configurationServerSettings,
      contracts: async () => [
        (await import('#servers/configuration-server/contract.ts')).configurationServer,
      ],
      start: async (platform) =>
        (await import('#servers/configuration-server/server.ts')).startConfigurationServer(
          platform,
        ),
    },
  ],
  [
    'license-director',
    {
      keepsData: true,
      settings: async () =>
        (await import('#servers/license-director/config.ts')).licenseDirectorSettings,
      contracts: async () => [
        (await import('#servers/license-director/contract.ts')).licenseDirector,
      ],
      start: async (platform) =>
        (await import('#servers/license-director/server.ts')).startLicenseDirector(platform),
    },
  ],
  [
    'contact-directory',
    {
      keepsData: true,
      contracts: async () => [
        (await import('#servers/contact-directory/contract.ts')).contactDirectory,
      ],
      start: async (platform) =>
        (await import('#servers/contact-directory/server.ts')).startContactDirectory(platform),
    },
  ],
  [
    'ids-multimedia',
    {
      keepsData: true,
      contracts: async () => [(await import('#servers/ids-multimedia/contract.ts')).idsMultimedia],
      start: async (platform) =>
        (await import('#servers/ids-multimedia/server.ts')).startIdsMultimedia(platform),
    },
  ],
  [
    'media-director',
    {
      keepsData: true,
      copies: 2,
      settings: async () =>
        (await import('#servers/media-director/config.ts')).mediaDirectorSettings,
      contracts: async () => [(await import('#servers/media-director/contract.ts')).mediaDirector],
      start: async (platform) =>
        (await import('#servers/media-director/server.ts')).startMediaDirector(platform),
    },
  ],
  [
    'simple-messaging-media-store',
    {
      keepsData: true,
      settings: async () =>
        (await import('#servers/simple-messaging-media-store/config.ts'))
          .simpleMessagingMediaStoreSettings,
      contracts: async () => [
        (await import('#servers/simple-messaging-media-store/contract.ts'))
          .simpleMessagingMediaStore,
      ],
      start: async (platform) =>
        (
          await import('#servers/simple-messaging-media-store/server.ts')
        ).startSimpleMessagingMediaStore(platform),
    },
  ],
  [
    'email-media-store',
    {
      keepsData: true,
      settings: async () =>
        (await import('#servers/email-media-store/config.ts')).emailMediaStoreSettings,
      contracts: async () => [
        (await import('#servers/email-media-store/contract.ts')).emailMediaStore,
      ],
      start: async (platform) =>
        (await import('#servers/email-media-store/server.ts')).startEmailMediaStore(platform),
    },
  ],
  [
    'task-media-store',
    {
      keepsData: true,
      settings: async () =>
        (await import('#servers/task-media-store/config.ts')).taskMediaStoreSettings,
      contracts: async () => [
        (await import('#servers/task-media-store/contract.ts')).taskMediaStore,
      ],
      start: async (platform) =>
        (await import('#servers/task-media-store/server.ts')).startTaskMediaStore(platform),
    },
  ],
  [
    'web-chat-gateway',
    {
      keepsData: false,
      settings: async () =>
        (await import('#servers/web-chat-gateway/config.ts')).webChatGatewaySettings,
      start: async (platform) =>
        (await import('#servers/web-chat-gateway/server.ts')).startWebChatGateway(platform),
    },
  ],
  [
    'ids-view',
    {
      keepsData: false,
      contracts: async () => [(await import('#servers/ids-view/contract.ts')).idsView],
      start: async (platform) =>
        (await import('#servers/ids-view/server.ts')).startIdsView(platform),
    },
  ],
  [
    'desktop-server',
    {
      keepsData: true,
      settings: async () =>
        (await import('#servers/desktop-server/config.ts')).desktopServerSettings,
      start: async (platform) =>
        (await import('#servers/desktop-server/server.ts')).startDesktopServer(platform),
    },
  ],
]);

const exitCode = await runCommandLine(process.argv.slice(2), components, programVersion);
// What was printed to a slow reader must reach it before the process ends.
process.stdout.write('', () => process.exit(exitCode));
