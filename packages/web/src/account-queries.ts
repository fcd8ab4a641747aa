import type { AccountView, MeView } from '@hili/contract';
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { getAccount, getWays, signOut } from './account-client.ts';
import { reconnect } from './live.ts';
import { ordersQuery } from './order-queries.ts';
import { meQuery, photosQuery, putMe } from './queries.ts';

export const waysQuery = queryOptions({ queryKey: ['ways'], queryFn: getWays });
/** Whether mails leave this installation; taken for granted until it is known. */
export const useMail = (): boolean => useQuery(waysQuery).data?.mail ?? true;

export const accountQuery = queryOptions({ queryKey: ['account'], queryFn: getAccount, retry: 0 });

export const putAccount = (client: QueryClient, account: AccountView): void =>
  void client.setQueryData(accountQuery.queryKey, account);

/** Shows everything anew as somebody else: who has just signed in or out, with the photos that are theirs. */
async function become(client: QueryClient, me?: MeView): Promise<void> {
  if (me) putMe(client, me);
  else await client.invalidateQueries(meQuery);
  // Not before: a page that still shows the former user would ask for what is theirs again, and be refused.
  client.removeQueries({ queryKey: accountQuery.queryKey });
  client.removeQueries({ queryKey: ordersQuery.queryKey });
  await client.resetQueries(photosQuery);
  reconnect();
}

/** Shows everything as a guest sees it; what the user had chosen is gone from this browser. */
async function becomeGuest(client: QueryClient): Promise<void> {
  const { clearDesk } = await import('./kept-desk.ts');
  clearDesk();
  await become(client);
}

/** Signs out of this browser. @throws RequestError */
export async function leaveAccount(client: QueryClient): Promise<void> {
  await signOut();
  await becomeGuest(client);
}

/** What follows on signing in, and on deleting the account. */
export function useBecome() {
  const client = useQueryClient();
  return { user: (me: MeView) => become(client, me), guest: () => becomeGuest(client) };
}
