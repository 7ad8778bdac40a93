import type { Client } from '#base/contract.ts';
import type { Peers } from '#platform/platform.ts';
import { applicationManagement } from '#servers/application-management/contract.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { idsView } from '#servers/ids-view/contract.ts';
import { licenseDirector } from '#servers/license-director/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { taskMediaStore } from '#servers/task-media-store/contract.ts';

/** The other components, as this one calls them. */
export interface Rooms {
  readonly director: Client<typeof mediaDirector>;
  readonly messaging: Client<typeof simpleMessagingMediaStore>;
  readonly mail: Client<typeof emailMediaStore>;
  readonly tasks: Client<typeof taskMediaStore>;
  readonly configuration: Client<typeof configurationServer>;
  readonly contacts: Client<typeof contactDirectory>;
  readonly figures: Client<typeof idsView>;
  readonly licenses: Client<typeof licenseDirector>;
  readonly applications: Client<typeof applicationManagement>;
}

/** Connects to all of them when they are first needed. They are the platform's to dispose of. */
export function connectRooms(peers: Peers): Rooms {
  return {
    director: peers.connect(mediaDirector),
    messaging: peers.connect(simpleMessagingMediaStore),
    mail: peers.connect(emailMediaStore),
    tasks: peers.connect(taskMediaStore),
    configuration: peers.connect(configurationServer),
    contacts: peers.connect(contactDirectory),
    figures: peers.connect(idsView),
    licenses: peers.connect(licenseDirector),
    applications: peers.connect(applicationManagement),
  };
}
