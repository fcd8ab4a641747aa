/** What of a table is shown, as it stands in the address: the names of the API's own TableQuery. */
export interface TableSearch {
  readonly q?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
}

const NAMES = ['q', 'state', 'owner', 'from', 'to', 'after'] as const;

/** Reads them from an address, where somebody may have typed anything: the router takes `q=42` for a number. */
export function readTableSearch(search: Readonly<Record<string, unknown>>): TableSearch {
  const known = NAMES.filter((name) => ['string', 'number', 'boolean'].includes(typeof search[name]));
  return Object.fromEntries(known.map((name) => [name, String(search[name])]));
}
