import type { Migration } from 'kysely/migration';
import { up as credits } from './0001-credits.ts';
import { up as photos } from './0002-photos.ts';
import { up as accounts } from './0003-accounts.ts';
import { up as runs } from './0004-runs.ts';
import { up as orders } from './0005-orders.ts';
import { up as invites } from './0006-invites.ts';
import { up as complaints } from './0007-complaints.ts';
import { up as offline } from './0008-offline.ts';
import { up as console } from './0009-console.ts';
import { up as vouchers } from './0010-vouchers.ts';
import { up as fapiao } from './0011-fapiao.ts';
import { up as payers } from './0012-payers.ts';
import { up as resultPreviews } from './0013-result-previews.ts';
import { up as payouts } from './0014-payouts.ts';
import { up as undoneRewards } from './0015-undone-rewards.ts';
import { up as disputes } from './0016-disputes.ts';
import { up as boughtInvites } from './0017-bought-invites.ts';
import { up as confirmedClaims } from './0018-confirmed-claims.ts';
import { up as patientExpiry } from './0019-patient-expiry.ts';
import { up as owedDays } from './0020-owed-days.ts';
import { up as toldIssues } from './0021-told-issues.ts';
import { up as secretMark } from './0022-secret-mark.ts';

/** Every change of the tables, in order. One that has been released is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-credits': { up: credits },
  '0002-photos': { up: photos },
  '0003-accounts': { up: accounts },
  '0004-runs': { up: runs },
  '0005-orders': { up: orders },
  '0006-invites': { up: invites },
  '0007-complaints': { up: complaints },
  '0008-offline': { up: offline },
  '0009-console': { up: console },
  '0010-vouchers': { up: vouchers },
  '0011-fapiao': { up: fapiao },
  '0012-payers': { up: payers },
  '0013-result-previews': { up: resultPreviews },
  '0014-payouts': { up: payouts },
  '0015-undone-rewards': { up: undoneRewards },
  '0016-disputes': { up: disputes },
  '0017-bought-invites': { up: boughtInvites },
  '0018-confirmed-claims': { up: confirmedClaims },
  '0019-patient-expiry': { up: patientExpiry },
  '0020-owed-days': { up: owedDays },
  '0021-told-issues': { up: toldIssues },
  '0022-secret-mark': { up: secretMark },
};
