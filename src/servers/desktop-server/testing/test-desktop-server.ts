/** A desktop server on free ports among doubles, for tests of this room. */
import { Registry } from 'prom-client';
import type { Call, Client, ContractDefinition, Implementation } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import { openTestInstallation } from '#platform/doors/test-installation.ts';
import type { Platform, WebHandler } from '#platform/platform.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import type { SettingsSchema, SettingsValues } from '#platform/settings/settings.ts';
import { applicationManagement } from '#servers/application-management/contract.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { idsView } from '#servers/ids-view/contract.ts';
import { licenseDirector } from '#servers/license-director/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { taskMediaStore } from '#servers/task-media-store/contract.ts';
import { startDesktopServer } from '../server.ts';
import { DirectorDouble } from './director-double.ts';

export interface TestOptions {
  readonly database: Database;
  readonly configuration: Implementation<typeof configurationServer>;
  readonly messaging: Implementation<typeof simpleMessagingMediaStore>;
  /** One in which nothing happens when left out. */
  readonly mail?: Implementation<typeof emailMediaStore>;
  /** A double of this room's own when left out. */
  readonly director?: Implementation<typeof mediaDirector>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly chat?: WebHandler;
}

export interface TestDesktopServer extends AsyncDisposable {
  /** As `http://127.0.0.1:40000`. */
  readonly url: string;
  readonly secureUrl: string;
  /** The private authority that the certificate is of. */
  readonly authority: string;
  /** The double; not in use where a test brought its own. */
  readonly director: DirectorDouble;
  readonly configuration: Client<typeof configurationServer>;
  readonly traced: string[];
  readonly health: Map<string, { readonly state: string; readonly detail: string | undefined }>;
  readonly metrics: Registry;
}

/** Starts one. Disposing it stops it; the doubles stay. */
export async function startTestDesktopServer(options: TestOptions): Promise<TestDesktopServer> {
  await using life = new AsyncDisposableStack();
  const installation = life.use(openTestInstallation());
  const director = new DirectorDouble();
  const served = new Map<string, unknown>([
    [mediaDirector.name, options.director ?? director],
    [simpleMessagingMediaStore.name, options.messaging],
    [configurationServer.name, options.configuration],
    [emailMediaStore.name, options.mail ?? silent(emailMediaStore)],
    ...[taskMediaStore, contactDirectory, idsView, licenseDirector, applicationManagement].map(
      (contract) => [contract.name, absent(contract)] as const,
    ),
  ]);
  const { doors } = installation.open('desktop-server');
  const health: TestDesktopServer['health'] = new Map();
  const note =
    (level: string) =>
    (event: string, ...rest: unknown[]) =>
      void installation.traced.push(`${level} ${event} ${rest.map(String).join(' ')}`);
  const metrics = new Registry();
  const platform: Platform = {
    component: 'desktop-server',
    instance: newId(),
    home: 'test',
    clock: systemClock,
    trace: {
      debug: note('debug'),
      info: note('info'),
      warning: note('warning'),
      fault: note('fault'),
    },
    directory: installation.directory,
    database: options.database,
    doors,
    peers: {
      connect: (contract) => connectServed(contract, served),
      dial: () => ({ [Symbol.asyncDispose]: () => Promise.resolve() }),
      web: () => options.chat,
    },
    beacons: undefined as never,
    health: { report: (part, state, detail) => void health.set(part, { state, detail }) },
    metrics,
    settings: (schema) => valuesOf(schema, options.settings ?? {}),
  };
  life.use(await startDesktopServer(platform));
  const plain = installation.opened('desktop-http');
  const secure = installation.opened('desktop-https');
  const authority = (await installation.authority()).certificates;
  return Object.assign(life.move(), {
    url: `http://127.0.0.1:${plain.port}`,
    secureUrl: `https://127.0.0.1:${secure.port}`,
    authority,
    director,
    configuration: platform.peers.connect(configurationServer),
    traced: installation.traced,
    health,
    metrics,
  });
}

function connectServed<C extends ContractDefinition>(
  contract: C,
  served: ReadonlyMap<string, unknown>,
): Client<C> {
  return connectInProcess(contract, served.get(contract.name) as Implementation<C>, {
    role: 'desktop-server',
  });
}

/** A component that refuses everything: what a test does not concern. */
function absent(contract: ContractDefinition): unknown {
  const refuse = async () => {
    throw new Refusal('busy', `"${contract.name}" is not in this test`);
  };
  const methods = Object.fromEntries(Object.keys(contract.methods).map((name) => [name, refuse]));
  const streams = Object.fromEntries(
    Object.keys(contract.streams ?? {}).map((name) => [
      name,
      () => {
        throw new Refusal('busy', `"${contract.name}" is not in this test`);
      },
    ]),
  );
  return { methods, streams };
}

/** A store whose journal is empty and stays so; it refuses everything else. */
function silent(contract: ContractDefinition): unknown {
  const { methods } = absent(contract) as { methods: object };
  const nothing = (_request: unknown, { signal }: Call): AsyncIterable<never> => ({
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ done: true, value: undefined }));
        }),
    }),
  });
  const streams = Object.fromEntries(
    Object.keys(contract.streams ?? {}).map((name) => [name, nothing]),
  );
  return { methods: { ...methods, position: async () => ({ position: 0 }) }, streams };
}

function valuesOf<S extends SettingsSchema>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
): SettingsValues<S> {
  const values = Object.entries(schema).map(([key, { default: value }]) => [
    key,
    given[key] ?? value,
  ]);
  return Object.fromEntries(values) as SettingsValues<S>;
}
