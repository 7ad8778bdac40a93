import type { z } from 'zod';
import { newId } from '#base/id.ts';
import type { Instant } from '#base/time.ts';
import { ContactId, InteractionId } from '#domain/ids.ts';
import type { simpleMessagingMediaStore } from './contract.ts';
import { contactAddress } from './rules/contact-address.ts';
import { storable } from './rules/storable.ts';
import type { Thread } from './thread.ts';

type Opening = z.infer<(typeof simpleMessagingMediaStore)['methods']['open']['params']>;

/** A conversation as a gateway opens it, still without a message. */
export function newThread(opening: Opening, at: Instant): Thread {
  const kept = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : storable(text).trim() || undefined;
  const customerName = kept(opening.customerName) ?? '';
  const customerAddress = kept(opening.customerAddress);
  const visitor = kept(opening.visitor);
  const { channel } = opening;
  const address = contactAddress({ channel, customerName, customerAddress, visitor });
  return {
    conversation: {
      id: opening.conversation,
      interaction: InteractionId.parse(newId(at)),
      channel,
      entryPoint: opening.entryPoint,
      customerName,
      customerAddress,
      language: kept(opening.language),
      page: kept(opening.page),
      openedAt: at,
      offline: opening.offline,
      marks: { customerDelivered: 0, customerRead: 0, agentDelivered: 0, agentRead: 0 },
    },
    lastNumber: 0,
    itemState: undefined,
    conferees: [],
    customerWroteAt: undefined,
    visitor,
    candidate: address && ContactId.parse(newId(at)),
    held: 0,
    written: Promise.resolve(),
    numbers: new Map(),
    knows: 'all',
  };
}

/** The customer says who they are: what was known before stays, and the directory may be asked again. */
export function takeAddress(
  thread: Thread,
  given: { readonly customerName: string; readonly customerAddress: string },
  at: Instant,
): void {
  const { channel, customerName: before, contact } = thread.conversation;
  const customerName = before || storable(given.customerName).trim();
  const customerAddress = storable(given.customerAddress).trim() || undefined;
  thread.conversation = { ...thread.conversation, customerName, customerAddress };
  const address = contactAddress({
    channel,
    customerName,
    customerAddress,
    visitor: thread.visitor,
  });
  if (address && !contact) thread.candidate ??= ContactId.parse(newId(at));
}
