import type { OrderView } from '@hili/contract';
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { getOrder, getOrders, getPackages, getSite } from './order-client.ts';
import { useMe } from './queries.ts';
import { useTakenOver } from './use-taken-over.ts';

/** Milliseconds between two looks at an order that changes by itself, beside the stream that tells of it. */
const LOOK_MS = 4_000;

export const ordersQuery = queryOptions({ queryKey: ['orders'], queryFn: getOrders });
export const orderQuery = (id: string) =>
  queryOptions({ queryKey: ['orders', id], queryFn: () => getOrder(id), retry: 1 });

/** Puts an order as the server sees it now wherever it is shown; a new one on top. A provider sends buyers back by its number. */
export function putOrder(client: QueryClient, order: OrderView): void {
  for (const name of [order.id, order.number]) client.setQueryData(orderQuery(name).queryKey, order);
  client.setQueryData(ordersQuery.queryKey, (orders) => {
    if (!orders) return undefined;
    if (orders.some(({ id }) => id === order.id)) return orders.map((old) => (old.id === order.id ? order : old));
    return [order, ...orders];
  });
}

/** What is sold here, and how one pays. */
export function usePackages() {
  const { data, error } = useQuery({ queryKey: ['packages'], queryFn: getPackages });
  return useTakenOver() ? { data, error } : { data: undefined, error: null };
}

/** Who runs this installation. */
export function useSite() {
  const { data, error } = useQuery({ queryKey: ['site'], queryFn: getSite });
  return useTakenOver() ? { data, error } : { data: undefined, error: null };
}

/** Whether who runs this installation has said how to reach them; taken for granted until it is known. */
export function useReachable(): boolean {
  const site = useSite().data;
  return !site || Boolean(site.email || site.wechat || site.address || site.qrUrl);
}

/** Whether an order may still be paid. */
export const isOpen = ({ state }: Pick<OrderView, 'state'>): boolean => state === 'created' || state === 'paying';

/** The user's orders, newest first; none are asked for a guest. */
export const useOrders = () => useQuery({ ...ordersQuery, enabled: useMe()?.kind === 'user' });

/** One order, kept current: by the stream, and by looking as long as it changes by itself. */
export function useOrder(id: string) {
  const isUser = useMe()?.kind === 'user';
  return useQuery({
    ...orderQuery(id),
    enabled: isUser,
    // What is refundable changes with every photo, of which the stream does not tell.
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data && (isOpen(data) || data.state === 'refunding' || data.underReview) ? LOOK_MS : false,
  });
}
