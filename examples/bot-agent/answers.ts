/** What the bot says. A pure function: a message in, an answer or nothing out. */

const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:hours?|open|closed)\b/i, 'We are here from Monday to Friday, 9 to 17 o’clock.'],
  [
    /\b(?:password|sign ?in|log ?in)\b/i,
    'On the sign-in page choose “Forgot password”; a link comes by e-mail.',
  ],
  [
    /\b(?:deliver\w*|ship\w*|parcel)\b/i,
    'Parcels take two to three working days. You find yours under “My orders”.',
  ],
  [/\b(?:thanks?|thank you)\b/i, 'You are welcome!'],
  [
    /^\s*(?:hi|hello|good (?:morning|day|evening))\b/i,
    'Hello! Ask me about opening hours, signing in or deliveries.',
  ],
];

/** The bot’s answer; nothing where it does not know one. */
export function answerTo(text: string): string | undefined {
  return ANSWERS.find(([pattern]) => pattern.test(text))?.[1];
}

/** Whether the customer wants to talk to a person. */
export function wantsPerson(text: string): boolean {
  return /\b(?:human|person|people|agent|somebody|someone)\b/i.test(text);
}
