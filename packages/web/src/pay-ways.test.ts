import type { PackagesView } from '@hili/contract';
import { expect, it } from 'vitest';
import { inOrder } from './pay-ways.ts';

const way = (name: string, kind: PackagesView['providers'][number]['kind']) => {
  return { name, kind, simulated: false, currency: 'CNY', prices: {} };
};
const ways = [way('wechat', 'qr'), way('alipay', 'qr'), way('stripe', 'redirect'), way('offline', 'manual')];
const names = (onPhone: boolean) => inOrder(ways, onPhone).map(({ name }) => name);

it('offers first on a phone what needs no second screen, and elsewhere what the operator put first', () => {
  expect(names(true)).toEqual(['stripe', 'offline', 'wechat', 'alipay']);
  expect(names(false)).toEqual(['wechat', 'alipay', 'stripe', 'offline']);
});
