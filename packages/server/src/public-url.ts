import type { Config } from './config.ts';

/** The address that others see, without a slash at its end. */
export function publicUrl(config: Pick<Config, 'HILI_PUBLIC_URL' | 'HOST'>, port: number): string {
  if (config.HILI_PUBLIC_URL) return config.HILI_PUBLIC_URL.replace(/\/+$/, '');
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
