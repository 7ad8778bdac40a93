/** In built pages, where the nonce of each response goes; `src/web/vite.config.ts` puts it there. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** What every answer says, whatever it holds. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What answers over TLS say under a name that an administrator gave. @see RFC 6797 */
export const STRICT_TRANSPORT: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000',
};

/**
 * What pages of the applications say. Nothing loads but our own files; styles that a library makes at run
 * time bear the nonce. Nobody may frame them, but the lab its own desktop.
 */
export function pageHeaders(nonce: string, framedBySelf: boolean): Record<string, string> {
  const ancestors = framedBySelf ? "'self'" : "'none'";
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "media-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "frame-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      `frame-ancestors ${ancestors}`,
    ].join('; '),
    'x-frame-options': framedBySelf ? 'SAMEORIGIN' : 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy':
      'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cache-control': 'no-cache',
  };
}

/** What answers of the API say: they are data, for the caller alone. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
