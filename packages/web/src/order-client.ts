import type { FapiaoView, FapiaoWish, OrderView, PackagesView, SiteView, VoucherAnswer } from '@hili/contract';
import { codeOf, request } from './client.ts';

export const getSite = () => request<SiteView>('GET', '/site');
export const getPackages = () => request<PackagesView>('GET', '/packages');
export const getOrders = () => request<OrderView[]>('GET', '/orders');
export const getOrder = (id: string) => request<OrderView>('GET', `/orders/${id}`);
export const makeOrder = (wish: { package: string; provider: string }) => request<OrderView>('POST', '/orders', wish);
export const closeOrder = (id: string) => request<OrderView>('POST', `/orders/${id}/close`);
export const refundOrder = (id: string) => request<OrderView>('POST', `/orders/${id}/refund`);
export const redeemVoucher = (code: string) => request<VoucherAnswer>('POST', '/vouchers/redeem', { code });
export const askFapiao = (id: string, wish: FapiaoWish) => request<FapiaoView>('POST', `/orders/${id}/fapiao`, wish);

/** @returns null when none was asked for yet. */
export const getFapiao = (id: string) =>
  request<FapiaoView>('GET', `/orders/${id}/fapiao`).catch((error) => {
    if (codeOf(error) === 'DATA_NOT_FOUND') return null;
    throw error;
  });
