import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, ConversationId } from '#domain/ids.ts';
import { WEBHOOK_EVENT_TYPES } from '#domain/webhook-event-type.ts';
import { DirectorEvent } from '#domain/work-item/event.ts';
import { EmailFact } from '#servers/email-media-store/contract.ts';
import { MessagingEvent } from '#servers/simple-messaging-media-store/contract.ts';
import { isWanted, ofDirector, ofEmail, ofMessaging } from './webhook-event.ts';

test('ofDirector() names every event of the journal after its subject', () => {
  const types = DirectorEvent.options.map((option) => option.shape.type.value);
  const names = types.map((type) => ofDirector({ type } as DirectorEvent).type);
  expect(Object.fromEntries(types.map((type, at) => [type, names[at]]))).toMatchObject({
    'work-item-entered': 'work-item.entered',
    'work-item-closed': 'work-item.closed',
    'offer-ended': 'work-item.offer-ended',
    'segment-ended': 'work-item.segment-ended',
    'wrap-up-started': 'agent.wrap-up-started',
    'agent-logged-in': 'agent.logged-in',
  });
  expect(names.every((name) => /^(?:work-item|agent)\.[a-z-]+$/.test(name))).toBe(true);
});

test('ofMessaging() names every event, and holds no text of anybody', () => {
  const conversation = ConversationId.parse(newId());
  const secret = 'between customer and agent';
  const told: string[] = [];
  const names = MessagingEvent.options.map((option) => {
    const type = option.shape.type.value;
    const { type: name, data } = ofMessaging({
      type,
      conversation,
      note: secret,
      agent: AgentId.parse('agent-1'),
      message: { conversation, number: 1, id: 'x', from: 'customer', text: secret, at: 0 },
    } as unknown as MessagingEvent);
    if (type === 'message-posted' || type === 'note-added') told.push(JSON.stringify(data));
    return name;
  });
  expect(told).toHaveLength(2);
  expect(told.join('\n')).not.toContain(secret);
  expect(names).toContain('conversation.message-posted');
  expect(names.every((name) => /^conversation\.[a-z-]+$/.test(name))).toBe(true);
});

test('a webhook may ask for every event there is, and for no other', () => {
  const names = [
    ...DirectorEvent.options.map(
      ({ shape }) => ofDirector({ type: shape.type.value } as never).type,
    ),
    ...MessagingEvent.options.map(
      ({ shape }) => ofMessaging({ type: shape.type.value, message: {} } as never).type,
    ),
    ...EmailFact.options.map(({ shape }) => ofEmail({ type: shape.type.value } as never).type),
  ];
  const kinds = ['work-item.*', 'agent.*', 'conversation.*', 'email.*'];
  expect([...WEBHOOK_EVENT_TYPES].toSorted()).toEqual([...names, ...kinds].toSorted());
});

test('isWanted() knows names, kinds, and all', () => {
  expect(isWanted([], 'work-item.closed')).toBe(true);
  expect(isWanted(['work-item.*'], 'work-item.closed')).toBe(true);
  expect(isWanted(['work-item.closed'], 'work-item.closed')).toBe(true);
  expect(isWanted(['conversation.*', 'work-item.entered'], 'work-item.closed')).toBe(false);
});
