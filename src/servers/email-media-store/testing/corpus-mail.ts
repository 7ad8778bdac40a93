/**
 * Mail as programs out there write it, headers shaped as theirs, words and names made up. Each follows on the same
 * correspondence: a customer's first mail, and our answer to it. `{…}` stands for what differs from run to run:
 *
 * - `{first}`, `{answer}`: the message ids of the two, with brackets;
 * - `{server}`: what the server that took our answer gave it for an id;
 * - `{plus}`: the address that our answer asks answers to;
 * - `{root}`, `{child}`: Outlook's Thread-Index of the first mail, and of an answer in its thread.
 */
export interface CorpusMail {
  readonly name: string;
  readonly raw: string;
  readonly becomes: 'join' | 'open';
  readonly nature: 'personal' | 'list' | 'auto-reply' | 'bounce';
  /** What it does to work; the last pass is closed. */
  readonly work: 'enter' | 'none';
}

/** How the customer addresses us. */
export const CUSTOMER =
  'From: "Customer 1" <customer1@firm.example>\nTo: Support <support@shop.example>';
