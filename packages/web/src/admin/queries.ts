import type { AdminAccess, AdminSeries, AdminTable, AdminToday } from '@hili/contract/admin';
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { TableSearch } from '../table-search.ts';
import { ask, getPage } from './client.ts';

/** Milliseconds between two looks at how things stand. */
const LOOK_MS = 20_000;
/** Everything of the console is asked for again whenever it is shown again. */
const FRESH = { staleTime: 0, retry: 1 } as const;
/** What others change, a provider or a second operator, and again while it is looked at. */
const LIVE = { ...FRESH, refetchInterval: LOOK_MS } as const;

export const accessQuery = queryOptions({
  queryKey: ['admin', 'access'],
  queryFn: () => ask<AdminAccess>('GET', '/access'),
  ...FRESH,
});

export const todayQuery = queryOptions({
  queryKey: ['admin', 'today'],
  queryFn: () => ask<AdminToday>('GET', '/today'),
  ...LIVE,
});

export const seriesQuery = (per: 'hour' | 'day') =>
  queryOptions({
    queryKey: ['admin', 'series', per],
    queryFn: () => ask<AdminSeries>('GET', `/series?per=${per}`),
    ...FRESH,
    refetchInterval: 3 * LOOK_MS,
    placeholderData: keepPreviousData,
  });

export const tableQuery = <Row>(table: AdminTable, search: TableSearch, limit?: number) =>
  queryOptions({
    queryKey: ['admin', 'table', table, search, limit],
    queryFn: () => getPage<Row>(table, search, limit),
    ...LIVE,
    placeholderData: keepPreviousData,
  });

/** Whatever stands at a path of the console's API. */
export const viewQuery = <View>(path: string) =>
  queryOptions({ queryKey: ['admin', 'view', path], queryFn: () => ask<View>('GET', path), ...LIVE });

/** Has everything that is shown asked for again, as after an act. */
export const refreshConsole = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: ['admin'] });
