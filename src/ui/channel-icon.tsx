import {
  IconChecklist,
  IconDeviceMobileMessage,
  IconMail,
  IconMessage,
  IconMessages,
  IconPhone,
  IconPhoneOutgoing,
} from '@tabler/icons-react';
import type { Channel } from '#domain/ids.ts';

const ICONS = {
  voice: { icon: IconPhone, name: 'Call', noun: 'calls' },
  email: { icon: IconMail, name: 'E-mail', noun: 'e-mail' },
  'web-chat': { icon: IconMessage, name: 'Chat', noun: 'chat' },
  sms: { icon: IconDeviceMobileMessage, name: 'SMS', noun: 'SMS' },
  xmpp: { icon: IconMessages, name: 'XMPP', noun: 'XMPP' },
  preview: { icon: IconPhoneOutgoing, name: 'Preview contact', noun: 'preview contacts' },
  task: { icon: IconChecklist, name: 'Task', noun: 'tasks' },
} as const;

export const channelName = (channel: Channel): string => ICONS[channel].name;

/** The channel within a sentence: "not ready for calls". */
export const channelNoun = (channel: Channel): string => ICONS[channel].noun;

/** The sign of a channel, with its name for those who do not see it. */
export function ChannelIcon({ channel, size = 18 }: { channel: Channel; size?: number }) {
  const { icon: Icon, name } = ICONS[channel];
  return <Icon size={size} stroke={1.7} role="img" aria-label={name} style={{ flex: 'none' }} />;
}
