import { join } from 'node:path';
import type { Actor } from './audit.ts';
import { type Auth, openAuth } from './auth.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database.ts';
import type { JobDeps } from './jobs.ts';
import { currentConfig } from './live-settings.ts';
import { openLog } from './log.ts';
import { findDecider } from './operators.ts';
import type { OrderDeps } from './orders.ts';
import { openPayments } from './payments/open.ts';
import { publicUrl } from './public-url.ts';
import { openQueue } from './queue.ts';
import { openKeys } from './secret-mark.ts';
import type { Keys } from './secrets.ts';
import { openDiskStorage } from './storage/disk.ts';
import type { Judge } from './task-acts.ts';

export { recordAct } from './audit.ts';
export { exportTable, readPage, readRow } from './console-pages.ts';
export { adminOrderView, partnerView, userView } from './console-views.ts';
export { cancelJob, retryJob } from './job-acts.ts';
export { changeSetting, listLive } from './live-settings.ts';
export { checkOrder } from './orders.ts';
export { limitPartner, setPartnerDisabled } from './partner-acts.ts';
export { reconcile } from './payments/reconcile.ts';
export { sweepPayments } from './payments/sweep.ts';
export { openIssues, raiseIssue } from './recon-issues.ts';
export { orderOf, refundOrder } from './sales-acts.ts';
export { decideInvite, decideRebate, replyToComplaint, settleIssue } from './task-acts.ts';
export { openToday } from './today.ts';
export { revokeLot, setDisabled, signOutUser } from './user-acts.ts';

/** What the console's acts work with, at the command line. */
export interface ConsoleDeps extends JobDeps, OrderDeps {
  readonly config: Config;
  readonly keys: Keys;
  readonly auth: Auth;
}

/**
 * Runs a function with all that the console has: joins the running database, or starts it for as long as the function takes. Payments that
 * are simulated are the server's own, and out of reach.
 */
export async function withConsole<T>(given: Config, work: (deps: ConsoleDeps) => Promise<T>): Promise<T> {
  const log = openLog('warn', 'cli');
  const clock = () => new Date();
  const { db, pool, connection, close } = await openDatabase(given, log);
  try {
    const config = await currentConfig(db, given);
    const url = publicUrl(config, config.PORT);
    const keys = await openKeys(db, config);
    const queue = await openQueue(connection, config, log);
    const payments = await openPayments({ ...config, DEMO_PAYMENTS: false }, clock, log);
    try {
      return await work({
        ...{ db, keys, queue, clock, config, log },
        storage: await openDiskStorage(join(config.HILI_DATA, 'photos')),
        auth: openAuth({ pool, keys, config, publicUrl: url, log }),
        providers: payments.providers({ publicUrl: url, ownUrl: url }),
      });
    } finally {
      await payments.close();
      await queue.stop();
    }
  } finally {
    await close();
  }
}

/** An operator who acts at the command line. @throws AppError BAD_REQUEST; DATA_NOT_FOUND when the address is no operator's. */
export async function operatorAt(deps: Pick<ConsoleDeps, 'auth' | 'db'>, address: string): Promise<Judge> {
  const { userId, name } = await findDecider(deps, address);
  return { userId, name, operator: name, origin: 'cli', address: null } satisfies Actor & Judge;
}
