/** Pages to which signing in leads back; an address in the query could be anybody's. */
const PAGES = /^\/(tasks|(buy|orders)\/[\w-]+)$/;

/** Where somebody goes on who has signed in: to the page that asked them to, else to their account. @param search the address's query. */
export function wayBack(search: string = location.search): string {
  const to = new URLSearchParams(search).get('to') ?? '';
  return PAGES.test(to) ? to : '/account';
}
