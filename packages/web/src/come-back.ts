/** Pages to which signing in leads back; an address in the query could be anybody's. */
const PAGES = /^\/(buy|orders)\/[\w-]+$/;

/** Where somebody goes on who has signed in: to the page that asked them to, else to their account. */
export function wayBack(): string {
  const to = new URLSearchParams(location.search).get('to') ?? '';
  return PAGES.test(to) ? to : '/account';
}
