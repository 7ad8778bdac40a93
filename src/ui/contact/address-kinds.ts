/** What people call the kinds of addresses. */
export const ADDRESS_KINDS = {
  phone: 'Phone',
  email: 'E-mail',
  chat: 'Chat',
  sms: 'SMS',
  xmpp: 'XMPP',
  other: 'Other',
} as const;
