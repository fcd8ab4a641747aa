import type { Context } from 'hono';
import type { AppDeps, AppEnv } from './deps.ts';

/** Two years, as browsers' preload lists ask for. */
const HSTS = 'max-age=63072000; includeSubDomains';
const FIXED = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // For browsers that do not know frame-ancestors.
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
};
/** What a route may say itself. */
const USUAL = {
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** The policy of a picture that somebody uploaded, or that was made of it: whatever it contains, nothing of it runs. */
export const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Whether a browser came by TLS: to the public address, or to a proxy that we trust and that says so. */
function isOverTls(c: Context<AppEnv>, { config, publicUrl }: Pick<AppDeps, 'config' | 'publicUrl'>): boolean {
  if (publicUrl.startsWith('https:')) return true;
  if (config.TRUST_PROXY === 0) return false;
  // As with X-Forwarded-For, what stands further left than our outermost proxy's word came from the client.
  const words = (c.req.header('x-forwarded-proto') ?? '').split(',');
  return (words.at(-config.TRUST_PROXY) ?? words[0])?.trim().toLowerCase() === 'https';
}

/** Puts on an answer the headers that keep a browser careful with it, whatever it is: page, file, JSON or error. */
export function setSafeHeaders(c: Context<AppEnv>, deps: Pick<AppDeps, 'config' | 'publicUrl'>): void {
  for (const [name, value] of Object.entries(FIXED)) c.header(name, value);
  for (const [name, value] of Object.entries(USUAL)) if (!c.res.headers.has(name)) c.header(name, value);
  if (isOverTls(c, deps)) c.header('strict-transport-security', HSTS);
}
