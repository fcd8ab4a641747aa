import { isIP } from 'node:net';
import { addressGroup } from './free-photos.ts';

/**
 * The address for which requests are counted: the peer's own, or with `proxies` trusted proxies in front the entry of
 * `X-Forwarded-For` that the outermost of them wrote. What stands further left came from the client and proves nothing.
 * @example clientAddress('10.0.0.1', '1.2.3.4, 9.9.9.9', 1) === '9.9.9.9'
 * @returns an IPv4 address, an IPv6 network of 64 bits, or `unknown`.
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined, proxies: number): string {
  const hops = proxies > 0 ? (forwardedFor ?? '').split(',') : [];
  const claimed = /^\s*(?:\[([^\]]+)\]|([\d.]+)|([\da-f:.]+))(?::\d+)?\s*$/i.exec(hops.at(-proxies) ?? '');
  const known = [claimed?.[1] ?? claimed?.[2] ?? claimed?.[3], peer].find((each) => each && isIP(each)) ?? 'unknown';
  return addressGroup(known);
}
