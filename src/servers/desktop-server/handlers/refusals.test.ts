import { expect, test } from 'vitest';
import type { ContractDefinition } from '#base/contract.ts';
import { applicationManagement } from '#servers/application-management/contract.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { contactDirectory } from '#servers/contact-directory/contract.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import { idsView } from '#servers/ids-view/contract.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { taskMediaStore } from '#servers/task-media-store/contract.ts';
import type { RouteDefinition } from '#base/http-api.ts';
import { type Api, api } from '../contract.ts';

/** What each route asks of other components. Routes that ask nothing that can be refused are missing. */
const ASKS: Readonly<Partial<Record<keyof Api, readonly [ContractDefinition, string]>>> = {
  signIn: [configurationServer, 'checkPassword'],
  signInByLink: [configurationServer, 'redeemLink'],
  checkSetUpLink: [configurationServer, 'checkLink'],
  setUp: [configurationServer, 'setUp'],
  logIn: [mediaDirector, 'logIn'],
  logOut: [mediaDirector, 'logOut'],
  setReadiness: [mediaDirector, 'setReadiness'],
  endWrapUp: [mediaDirector, 'endWrapUp'],
  mySettings: [configurationServer, 'effectiveSettings'],
  putMySettings: [configurationServer, 'putSettings'],
  workItemHistory: [idsView, 'workItemHistory'],
  accept: [mediaDirector, 'accept'],
  decline: [mediaDirector, 'decline'],
  close: [mediaDirector, 'close'],
  transfer: [mediaDirector, 'transfer'],
  park: [mediaDirector, 'park'],
  wake: [mediaDirector, 'wake'],
  assign: [mediaDirector, 'assign'],
  pullBack: [mediaDirector, 'pullBack'],
  forceClose: [mediaDirector, 'forceClose'],
  explanation: [mediaDirector, 'explain'],
  forceReadiness: [mediaDirector, 'setReadiness'],
  forceLogOut: [mediaDirector, 'logOut'],
  readConversation: [simpleMessagingMediaStore, 'read'],
  postMessage: [simpleMessagingMediaStore, 'post'],
  mark: [simpleMessagingMediaStore, 'mark'],
  typing: [simpleMessagingMediaStore, 'typing'],
  addNote: [simpleMessagingMediaStore, 'addNote'],
  readEmails: [emailMediaStore, 'read'],
  emailHtml: [emailMediaStore, 'html'],
  whyEmail: [emailMediaStore, 'why'],
  emailAttachment: [emailMediaStore, 'bytes'],
  searchEmails: [emailMediaStore, 'search'],
  markEmails: [emailMediaStore, 'mark'],
  addEmailNote: [emailMediaStore, 'addNote'],
  takeEmail: [mediaDirector, 'take'],
  beginDraft: [emailMediaStore, 'beginDraft'],
  composeEmail: [emailMediaStore, 'compose'],
  readDraft: [emailMediaStore, 'readDraft'],
  saveDraft: [emailMediaStore, 'saveDraft'],
  discardDraft: [emailMediaStore, 'discardDraft'],
  attachToDraft: [emailMediaStore, 'attach'],
  detachFromDraft: [emailMediaStore, 'detach'],
  draftAttachment: [emailMediaStore, 'draftBytes'],
  fillTemplate: [emailMediaStore, 'fillTemplate'],
  writing: [emailMediaStore, 'writing'],
  sendDraft: [emailMediaStore, 'send'],
  undoSending: [emailMediaStore, 'undo'],
  retrySending: [emailMediaStore, 'retry'],
  createWorkItem: [taskMediaStore, 'create'],
  readTask: [taskMediaStore, 'read'],
  cancelTask: [taskMediaStore, 'cancel'],
  searchContacts: [contactDirectory, 'search'],
  readContact: [contactDirectory, 'get'],
  putContact: [contactDirectory, 'put'],
  eraseContact: [contactDirectory, 'erase'],
  contactHistory: [idsView, 'contactHistory'],
  exportContacts: [contactDirectory, 'exportCsv'],
  importContacts: [contactDirectory, 'importCsv'],
  board: [idsView, 'board'],
  figures: [idsView, 'figures'],
  figuresCsv: [idsView, 'figuresCsv'],
  metrics: [idsView, 'metrics'],
  listDocuments: [configurationServer, 'list'],
  putDocument: [configurationServer, 'put'],
  retireDocument: [configurationServer, 'retire'],
  configurationHistory: [configurationServer, 'history'],
  credentialHistory: [configurationServer, 'audit'],
  exportConfiguration: [configurationServer, 'exportText'],
  importConfiguration: [configurationServer, 'importText'],
  setPassword: [configurationServer, 'setPassword'],
  issueSignInLink: [configurationServer, 'issueLink'],
  issueToken: [configurationServer, 'issueToken'],
  webhookSecret: [configurationServer, 'webhookSecret'],
  components: [applicationManagement, 'list'],
};

/** Refusals that cannot come of what the route asks. */
const CANNOT_BE: Readonly<Partial<Record<keyof Api, readonly string[]>>> = {
  forceLogOut: ['has-work'],
  issueSignInLink: ['set-up-done'],
};

test.each(Object.entries(ASKS))(
  'every refusal of what %s asks has a status',
  (name, [contract, method]) => {
    const route: RouteDefinition = api[name as keyof Api];
    const possible = Object.keys(contract.methods[method]?.errors ?? {});
    const known = new Set([
      ...Object.keys(route.errors ?? {}),
      ...(CANNOT_BE[name as keyof Api] ?? []),
    ]);
    expect(Object.keys(contract.methods)).toContain(method);
    expect(possible.filter((code) => !known.has(code))).toEqual([]);
  },
);
