import { sql } from 'kysely';
import { eventsOf } from '../../src/order-rows.ts';
import type { Order } from '../../src/order-tables.ts';
import { openIssues } from '../../src/recon-issues.ts';
import { available } from '../../src/wallets.ts';
import type { Till } from './till.ts';

/** What there is to see of an order: the buyer's credits, how often they were granted, what happened, what an operator has to look into. */
export const looksAt = ({ db, clock }: Till) => ({
  credits: ({ walletId }: Pick<Order, 'walletId'>) => available(db, walletId, clock()),
  grants: async ({ walletId }: Order) =>
    (await sql`select 1 from txn where wallet_id = ${walletId} and kind = 'grant'`.execute(db)).rows.length,
  kinds: async ({ id }: Order) => (await eventsOf(db, id)).map(({ kind }) => kind),
  issuesOf: async ({ outTradeNo }: Order) =>
    (await openIssues(db)).filter((issue) => issue.outTradeNo === outTradeNo).map(({ kind }) => kind),
});
