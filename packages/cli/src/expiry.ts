import { InvalidArgumentError } from 'commander';

/** When credits expire; undefined for the default, a year from now. */
export type Expiry = Date | 'never' | undefined;

/** Reads a day or time to come, or never. */
export function expiry(text: string): Expiry {
  if (text === 'never') return text;
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time <= new Date())
    throw new InvalidArgumentError('Expected a day or time to come, such as 2028-01-31, or never.');
  return time;
}

/** The end of credits, in words. */
export const until = (expires: Expiry) =>
  expires === 'never' ? 'never expire' : expires ? `expire at ${expires.toISOString()}` : 'expire in a year';

/** As the server takes it: null for never. */
export const terms = (expires: Expiry) =>
  expires === undefined ? {} : { expiresAt: expires === 'never' ? null : expires };
