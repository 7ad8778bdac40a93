/**
 * The headers of the frame that the widget lives in: it runs its own files, speaks to its own server,
 * and can be shown only by pages of the given origins; of any where there are none.
 */
export function frameHeaders(origins: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  const ancestors = origins.flatMap((origin) => originOf(origin) ?? []);
  // an origin that cannot be read must not open the frame to everybody
  if (origins.length > 0) policy.push(`frame-ancestors ${ancestors.join(' ') || "'none'"}`);
  return {
    'cache-control': 'no-cache',
    'content-security-policy': policy.join('; '),
    'cross-origin-resource-policy': 'cross-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    'referrer-policy': 'no-referrer',
  };
}

/** Only scheme, host and port go into a header; never what an administrator's text holds beside. */
function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}
