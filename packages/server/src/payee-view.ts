import type { ClaimAnswer } from '@hili/contract';
import { payeeWords, readPayee } from './claims.ts';
import type { RebateRow } from './rebate-rows.ts';
import type { Keys } from './secrets.ts';

/** In place of a payee that was sealed with a secret which is lost: the other rows can be read all the same. */
const UNREADABLE: ClaimAnswer = { wechat: 'unreadable', name: 'sealed with another secret' };

/** To whom a rebate is to be paid, as an operator reads it; null when nobody waits for it. */
export function showPayee(keys: Pick<Keys, 'seal'>, row: Pick<RebateRow, 'id' | 'payee'>): ClaimAnswer | null {
  try {
    return payeeWords(readPayee(keys, row));
  } catch {
    return UNREADABLE;
  }
}
