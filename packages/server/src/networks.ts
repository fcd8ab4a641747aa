import { createHmac } from 'node:crypto';
import type { Keys } from './secrets.ts';

/**
 * The network of an address, as it is stored: HMAC-SHA256 of the /24 of an IPv4 address, or of the /64 of an IPv6 one.
 * @param address as `clientAddress` gives it.
 * @returns null for an address that says nothing of where somebody is: this machine itself, or an unknown one.
 */
export function networkOf(keys: Pick<Keys, 'addresses'>, address: string): Buffer | null {
  if (address === 'unknown' || /^127\./.test(address) || address === '0:0:0:0::/64') return null;
  const network = address.replace(/\.\d+$/, '.0/24');
  return createHmac('sha256', keys.addresses).update(`network ${network}`).digest();
}
