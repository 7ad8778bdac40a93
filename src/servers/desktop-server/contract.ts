/**
 * What the desktop server promises: the public API under `/api/v1`, the same for browsers and other
 * programs. A browser proves itself by its session cookie, a program by `Authorization: Bearer …`;
 * a program with role `agent` names whom it acts for in the header `Emcee-Agent`.
 */
import { administrationApi } from './api/administration.ts';
import { contactsApi } from './api/contacts.ts';
import { emailApi } from './api/email.ts';
import { figuresApi } from './api/figures.ts';
import { mailboxesApi } from './api/mailboxes.ts';
import { movingApi } from './api/moving.ts';
import { participantsApi } from './api/participants.ts';
import { sessionApi } from './api/session.ts';
import { supervisionApi } from './api/supervision.ts';
import { workApi } from './api/work.ts';

/** Whatever is asked beneath it is answered in JSON, also what is not there. */
export const API_ROOT = '/api';

export const API_BASE = `${API_ROOT}/v1`;

/** The path of the event socket, beneath the base. */
export const EVENTS_PATH = '/events';

/** The header in which a program with role `agent` names whom it acts for. */
export const AGENT_HEADER = 'emcee-agent';

/** Every route, by name. */
export const api = {
  ...sessionApi,
  ...workApi,
  ...participantsApi,
  ...movingApi,
  ...emailApi,
  ...mailboxesApi,
  ...contactsApi,
  ...supervisionApi,
  ...figuresApi,
  ...administrationApi,
};
export type Api = typeof api;
