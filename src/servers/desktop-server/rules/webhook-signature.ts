import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/**
 * The headers that prove a webhook's origin: `v1` is HMAC-SHA256 over id, time and body.
 *
 * @param secret As `whsec_…`, base64 behind the prefix.
 * @param at Whole seconds since 1970, of this try.
 * @see Standard Webhooks, "Webhook headers" and "Signature scheme"
 */
export function signatureHeaders(
  secret: string,
  id: string,
  at: number,
  body: string,
): Record<string, string> {
  const key = Buffer.from(
    secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret,
    'base64',
  );
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${signature}`,
  };
}
