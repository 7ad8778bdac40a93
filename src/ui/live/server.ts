import type { Email } from '#domain/email/email.ts';
import type { DraftId } from '#domain/ids.ts';
import { API_BASE, api } from '#servers/desktop-server/contract.ts';
import { addressOf, createApiClient } from '../api-client.ts';

/** The server that this page came from. */
export const server = createApiClient(api, API_BASE);

/** Where the content of an e-mail is. */
export const emailAddress = (
  route: 'showEmail' | 'emailOriginal',
  { conversation, id }: Pick<Email, 'conversation' | 'id'>,
  remoteImages = false,
): string =>
  addressOf(api[route], API_BASE, {
    params: { id: conversation, email: id },
    query: { remoteImages: remoteImages ? true : undefined },
  });

/** Where a file of an e-mail is. */
export const attachmentAddress = (
  { conversation, id }: Pick<Email, 'conversation' | 'id'>,
  attachment: string,
): string =>
  addressOf(api.emailAttachment, API_BASE, { params: { id: conversation, email: id, attachment } });

/** Where a file of a draft is. */
export const draftFileAddress = (draft: DraftId, attachment: string): string =>
  addressOf(api.draftAttachment, API_BASE, { params: { id: draft, attachment } });

/** The address of a route that answers with a file, for a download link. */
export const downloadAddress = (
  route: 'exportAgents' | 'exportContacts' | 'exportConfiguration',
): string => addressOf(api[route], API_BASE);
