import type { OrderView, PackagesView, SiteView } from '@hili/contract';
import { request } from './client.ts';

export const getSite = () => request<SiteView>('GET', '/site');
export const getPackages = () => request<PackagesView>('GET', '/packages');
export const getOrders = () => request<OrderView[]>('GET', '/orders');
export const getOrder = (id: string) => request<OrderView>('GET', `/orders/${id}`);
export const makeOrder = (wish: { package: string; provider: string }) => request<OrderView>('POST', '/orders', wish);
export const closeOrder = (id: string) => request<OrderView>('POST', `/orders/${id}/close`);
export const refundOrder = (id: string) => request<OrderView>('POST', `/orders/${id}/refund`);
export const redeemVoucher = (code: string) => request<{ photos: number }>('POST', '/vouchers/redeem', { code });
export const askFapiao = (id: string, wish: { title: string; taxNumber?: string; email: string }) =>
  request<unknown>('POST', `/orders/${id}/fapiao`, wish);
