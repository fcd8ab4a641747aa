import { AppError } from '@hili/contract';
import { isLoopback } from './payments/settings.ts';

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

/**
 * Where nobody else is to come, as with simulated payments, lets a request pass only when it names this machine. A page of another site may
 * have its own name point here (DNS rebinding), or a proxy that we do not know of pass others on.
 * @throws AppError FORBIDDEN_ORIGIN
 */
export function refuseOtherHosts({ headers }: Request): void {
  const host = headers.get('host');
  const hostname = host !== null && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
  if (hostname !== null && !isLoopback(hostname))
    throw new AppError('FORBIDDEN_ORIGIN', {
      detail: 'expected localhost or 127.0.0.1 for Host while payments are simulated, unless DEMO_SITE=1',
    });
}

function names(origin: string, headers: Headers): boolean {
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}
