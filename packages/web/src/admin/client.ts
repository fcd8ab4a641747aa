import { API } from '@hili/contract';
import type { AdminAccess, AdminTable, RecoveryCodes, TotpSecret } from '@hili/contract/admin';
import { askDevice } from '../account-client.ts';
import { request } from '../client.ts';
import type { TableSearch } from '../table-search.ts';

/** A page of a table: its rows, and where the next page begins. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** Asks the console's API. @throws RequestError */
export const ask = <T>(method: string, path: string, body?: unknown): Promise<T> =>
  request<T>(method, `/admin${path}`, body);

const queryOf = (search: Readonly<Record<string, unknown>>): string => {
  const parts = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  return String(new URLSearchParams(parts.map(([key, value]) => [key, String(value)])));
};

export const getPage = <Row>(table: AdminTable, search: TableSearch, limit = 50) =>
  ask<Page<Row>>('GET', `/${table}?${queryOf({ ...search, limit })}`);

/** Where a table's whole selection is a file. */
export const csvOf = (table: AdminTable, { after: _page, ...selection }: TableSearch): string =>
  `${API}/admin/${table}.csv?${queryOf(selection)}`;

/** Shows a second factor. @throws RequestError SIGN_IN_FAILED, RATE_LIMITED */
export const showCode = (code: string) => ask<AdminAccess>('POST', '/access/totp', { code });
export const showRecoveryCode = (code: string) => ask<AdminAccess>('POST', '/access/recovery', { code });
export async function showPasskey(): Promise<AdminAccess> {
  const optionsJSON = await ask<never>('POST', '/access/passkey/options');
  const response = await askDevice(({ startAuthentication }) => startAuthentication({ optionsJSON }));
  return ask('POST', '/access/passkey', { response });
}

export const makeTotp = () => ask<TotpSecret>('POST', '/access/totp/new');
export const proveTotp = (code: string) => ask<RecoveryCodes>('PUT', '/access/totp', { code });
export const removeTotp = () => ask<void>('DELETE', '/access/totp');
export const makeRecoveryCodes = () => ask<RecoveryCodes>('POST', '/access/recovery/new');
