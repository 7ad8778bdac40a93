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
  voice: { icon: IconPhone, name: 'Call' },
  email: { icon: IconMail, name: 'E-mail' },
  'web-chat': { icon: IconMessage, name: 'Chat' },
  sms: { icon: IconDeviceMobileMessage, name: 'SMS' },
  xmpp: { icon: IconMessages, name: 'XMPP' },
  preview: { icon: IconPhoneOutgoing, name: 'Preview contact' },
  task: { icon: IconChecklist, name: 'Task' },
} as const;

export const channelName = (channel: Channel): string => ICONS[channel].name;

/** The sign of a channel, with its name for those who do not see it. */
export function ChannelIcon({ channel, size = 18 }: { channel: Channel; size?: number }) {
  const { icon: Icon, name } = ICONS[channel];
  return <Icon size={size} stroke={1.7} role="img" aria-label={name} style={{ flex: 'none' }} />;
}
