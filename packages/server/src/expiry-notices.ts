import type { Clock, Db } from './database.ts';
import { post } from './outbox.ts';
import { usersOfWallets } from './users.ts';
import { lapsingLots } from './wallets.ts';

/** Days before credits lapse on which their owner hears of it. */
const NOTICE_DAYS = [1, 7, 30] as const;
const DAY_MS = 86_400_000;

/** Which notice is due of credits that were granted and lapse then; undefined when they never were so long away. */
function dueNotice(grantedAt: Date, expiresAt: Date, now: Date): number | undefined {
  const days = NOTICE_DAYS.find((each) => expiresAt.getTime() - now.getTime() <= each * DAY_MS);
  const begins = expiresAt.getTime() - (days ?? 0) * DAY_MS;
  return grantedAt.getTime() < begins ? days : undefined;
}

/**
 * Posts a mail to everybody whose credits lapse in 30, in 7 or in 1 days: one for each of these days and each end, however often it is
 * called. Free credits come anew by themselves and are not spoken of.
 * @returns how many were posted.
 */
export async function postExpiryNotices({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<number> {
  const now = clock();
  const lots = await lapsingLots(db, now, new Date(now.getTime() + Math.max(...NOTICE_DAYS) * DAY_MS));
  const users = await usersOfWallets(db, [...new Set(lots.map(({ walletId }) => walletId))]);
  let posted = 0;
  for (const { walletId, grantedAt, expiresAt } of lots) {
    const user = users.get(walletId);
    const days = dueNotice(grantedAt, expiresAt, now);
    if (!user || days === undefined) continue;
    const about = expiresAt.toISOString();
    const key = `expiring:${user.id}:${about}:${days}`;
    const wish = { kind: 'credits-expiring', language: user.language, recipient: null, userId: user.id } as const;
    if (await post(db, { ...wish, about, key }, now)) posted += 1;
  }
  return posted;
}
