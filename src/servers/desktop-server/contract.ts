/**
 * What the desktop server promises: the public API under `/api/v1`, the same for browsers and other
 * programs. A browser proves itself by its session cookie, a program by `Authorization: Bearer …`;
 * a program with role `agent` names whom it acts for in the header `Emcee-Agent`.
 */
import { administrationApi } from './api/administration.ts';
import { contactsApi } from './api/contacts.ts';
import { sessionApi } from './api/session.ts';
import { supervisionApi } from './api/supervision.ts';
import { workApi } from './api/work.ts';

export const API_BASE = '/api/v1';

/** Every route, by name. */
export const api = {
  ...sessionApi,
  ...workApi,
  ...contactsApi,
  ...supervisionApi,
  ...administrationApi,
};
export type Api = typeof api;
