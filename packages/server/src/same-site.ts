import { AppError } from '@hili/contract';

/**
 * Lets a request that changes something pass only when it does not come from another site's page. Browsers say so themselves
 * (Fetch Metadata); older ones send `Origin`, which must name the host that was asked. Clients that are no browsers send neither, and
 * carry no cookie that somebody else could use.
 * @throws AppError FORBIDDEN_ORIGIN
 */
export function refuseOtherSites({ method, headers }: Request): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const foreign = site !== null ? !['same-origin', 'none'].includes(site) : origin !== null && !names(origin, headers);
  if (foreign) throw new AppError('FORBIDDEN_ORIGIN');
}

function names(origin: string, headers: Headers): boolean {
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}
