import { API_BASE, api } from '#servers/desktop-server/contract.ts';
import { addressOf, createApiClient } from '../api-client.ts';

/** The server that this page came from. */
export const server = createApiClient(api, API_BASE);

/** The address of a route that answers with a file, for a download link. */
export const downloadAddress = (
  route: 'exportAgents' | 'exportContacts' | 'exportConfiguration',
): string => addressOf(api[route], API_BASE);
