/** What is spoken at every row of the port matrix that a running program opens. */
import { COMPONENTS } from '#base/component-name.ts';
import type { ContractDefinition } from '#base/contract.ts';
import { portRow, portRows, tlsTwin } from '#platform/ports/ports.ts';
import type { PortRow } from '#platform/ports/ports.ts';
import { applicationManagement } from '#servers/application-management/contract.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { idsMultimedia } from '#servers/ids-multimedia/contract.ts';
import { idsView } from '#servers/ids-view/contract.ts';
import { licenseDirector } from '#servers/license-director/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { taskMediaStore } from '#servers/task-media-store/contract.ts';

/** What a sound dialer or reader of lines says at a row. */
export interface SoundLines {
  readonly role: string;
  readonly stream: string;
  readonly events: readonly unknown[];
}

const MESSAGING = { rpc: simpleMessagingMediaStore, roles: ['web-chat-gateway'] };

const SPOKEN: Readonly<
  Record<
    string,
    {
      readonly rpc?: ContractDefinition;
      /** Only these may come in at this row, where the row is narrower than the contract. */
      readonly roles?: readonly string[];
      readonly lines?: SoundLines;
    }
  >
> = {
  'app-management': { rpc: applicationManagement },
  config: {
    rpc: configurationServer,
    lines: { role: 'command-line', stream: 'changes', events: [] },
  },
  'contact-directory': { rpc: contactDirectory },
  'email-store': { rpc: emailMediaStore },
  'ids-multimedia': {
    lines: {
      role: 'media-director',
      stream: 'media-director',
      events: [{ position: 1, at: 1, body: { type: 'agent-presence-changed', agent: 'agent-1' } }],
    },
  },
  'ids-multimedia-management': { rpc: idsMultimedia },
  'ids-view': { lines: { role: 'ids-view-client', stream: 'board', events: [] } },
  'ids-view-management': { rpc: idsView },
  'license-director': { rpc: licenseDirector },
  'license-director-management': { rpc: licenseDirector },
  'media-director': { rpc: mediaDirector },
  'other-gateways': { rpc: simpleMessagingMediaStore },
  'sms-gateway': { rpc: simpleMessagingMediaStore, roles: ['sms-gateway'] },
  'task-media-store': { rpc: taskMediaStore },
  'ttrace-console': { lines: { role: 'command-line', stream: 'console', events: [] } },
  'ttrace-data': { lines: { role: 'command-line', stream: 'data', events: [] } },
  'ttrace-server': {
    lines: {
      role: 'command-line',
      stream: 'trace.weather',
      events: [
        { at: 1, component: 'weather', instance: 'weather', level: 'info', event: 'weather.tried' },
      ],
    },
  },
  'web-chat-gateway': MESSAGING,
};

/** A row that components speak at, plain or by its TLS twin. */
export interface ComponentRow {
  readonly id: string;
  readonly tls: boolean;
  readonly rpc: ContractDefinition | undefined;
  readonly roles: readonly string[] | undefined;
  readonly lines: SoundLines | undefined;
}

const ours = portRows().filter(({ destination }) =>
  (COMPONENTS as readonly string[]).includes(destination),
);

export const COMPONENT_ROWS: readonly ComponentRow[] = Object.entries(SPOKEN).flatMap(
  ([id, { rpc, roles, lines }]) => {
    const twin = tlsTwin(id);
    const ids = twin ? [id, twin.id] : [id];
    return ids.map((each) => ({ id: each, tls: portRow(each).tls, rpc, roles, lines }));
  },
);

/** Where browsers come in, and where chat is forwarded to. */
export const HTTP_ROWS: readonly PortRow[] = ours.filter(({ id }) =>
  ['desktop-http', 'desktop-https', 'web-chat-door'].includes(id),
);

/** Where mail servers come in, who speak first and show no token. */
export const MAIL_ROWS: readonly PortRow[] = ours.filter(({ id }) => id === 'smtp-reception');

export const MULTICAST_ROWS: readonly PortRow[] = ours.filter(({ role }) => role === 'multicast');

/** Every row of the matrix that a component listens or sends at. */
export const OUR_ROWS: readonly string[] = ours
  .filter(({ role }) => role !== 'dials')
  .map(({ id }) => id);
