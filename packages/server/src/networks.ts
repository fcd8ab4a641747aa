import { createHmac } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { AppError } from '@hili/contract';
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

/**
 * Reads an IP address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8:1::/48. Of IPv6 only the first 64 bits count, since the
 * rest is no more than somebody's choice.
 * @throws AppError BAD_REQUEST
 */
export function readNetwork(text: string): string {
  const [address = '', bits, ...more] = text.trim().split('/');
  const kind = isIP(address);
  const most = kind === 4 ? 32 : 64;
  const whole = bits === undefined || /^\d{1,3}$/.test(bits);
  if (kind === 0 || !whole || more.length > 0 || Number(bits ?? most) > most)
    throw new AppError('BAD_REQUEST', {
      field: 'addresses',
      detail: `expected an IP address or a network (of IPv6 one of 64 bits or fewer) for addresses but received ${JSON.stringify(text)}`,
    });
  return `${address}/${bits ?? most}`;
}

/** Whether an address, as `clientAddress` gives it, lies in one of these networks; in none of none. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    list.addSubnet(base, Number(bits), isIP(base) === 4 ? 'ipv4' : 'ipv6');
  }
  const [plain = ''] = address.split('/');
  const kind = isIP(plain);
  return kind !== 0 && list.check(plain, kind === 4 ? 'ipv4' : 'ipv6');
}
