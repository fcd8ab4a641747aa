import type { Config } from './config.ts';
import { type Db, openDatabase } from './database.ts';
import { openLog } from './log.ts';
import { openKeys } from './secret-mark.ts';
import type { Keys } from './secrets.ts';

export { type Act, recordAct } from './audit.ts';
export { freeBytes } from './disk-room.ts';
export { endFapiao, listFapiao } from './fapiao.ts';
export { listCases } from './invite-rows.ts';
export { confirmOrder, endOfflineRefund, recordPartnerPayment, reverseOffline } from './offline-payments.ts';
export { listOffline, waitingOrders } from './offline-rows.ts';
export { countSimulated } from './order-rows.ts';
export { grantPartner, limitPartner, makePartner, renewSecret, setPartnerDisabled } from './partner-acts.ts';
export { createPartner, grantToPartner, listPartners, type PartnerRow } from './partners.ts';
export { showPayee } from './payee-view.ts';
export { countOverdue } from './photos.ts';
export { findPostgresFolder } from './postgres-folder.ts';
export { listRebates } from './rebate-rows.ts';
export { openIssues } from './recon-issues.ts';
export { replaceSecret } from './secret-mark.ts';
export { newKey, openDiskStorage } from './storage/disk.ts';
export { replyToComplaint } from './task-acts.ts';
export { listVouchers } from './voucher-rows.ts';
export { createVouchers, revokeVouchers } from './vouchers.ts';
export { brokenInvariants } from './wallets.ts';

/**
 * Runs a function with the database of this installation: joins the running one, or starts it for as long as the function takes.
 * @example await withDatabase(loadConfig(), (db, keys) => createPartner(db, keys, { code: 'hiliad', name: 'Hili' }, new Date()));
 */
export async function withDatabase<T>(config: Config, work: (db: Db, keys: Keys) => Promise<T>): Promise<T> {
  const database = await openDatabase(config, openLog('warn', 'cli'));
  try {
    return await work(database.db, await openKeys(database.db, config));
  } finally {
    await database.close();
  }
}
