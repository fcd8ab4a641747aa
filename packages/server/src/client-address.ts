import { isIP, isIPv6 } from 'node:net';

/** An IPv6 subscriber holds at least a /64: its first four groups stand for all of it. */
function network(address: string): string {
  const [head = '', tail] = address.split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const groups = [...front, ...zeros, ...back].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

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
  const address = known.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIPv6(address) ? network(address) : address;
}
