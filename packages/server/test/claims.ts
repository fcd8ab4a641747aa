import { confirmClaim, openClaim, type Payee } from '../src/claims.ts';
import { matureRebates, rebatesOf } from '../src/rebate-rows.ts';
import { approveRebate } from '../src/rebates.ts';
import type { Shop } from './shop.ts';

export const OPERATOR = { userId: undefined, name: 'operator' };

/** What becomes of a rebate in a shop, from its order on. */
export function openCounter(shop: Shop) {
  const { db, clock, config, keys, simulator, deps } = shop;
  const rules = {
    ...{ REBATE_DAILY_FEN: 1_000_000_000, DEMO_PAYMENTS: false },
    WECHAT_SERVICE_APPID: simulator.account.appid,
  };
  let people = 0;

  /** Somebody whom WeChat can pay. */
  function payee(): Payee & { openid: string } {
    people += 1;
    const openid = `oSIM-receiver-${people}`;
    simulator.transfers.openids.add(openid);
    return { appid: simulator.account.appid, openid };
  }

  /** A rebate of somebody new that can be claimed, and their token for it. */
  async function eligible() {
    const buyer = await shop.user();
    const { order, code } = await shop.buy({}, buyer);
    simulator.pay(code);
    await shop.pass(0);
    clock.advance(config.REBATE_DAYS * 86_400);
    await matureRebates(db, clock());
    const [rebate] = await rebatesOf(db, buyer.id);
    const { token } = await openClaim(db, buyer.id, clock());
    return { buyer, order, token, id: String(rebate?.id) };
  }

  const confirm = (token: string, who: Payee = payee()) => confirmClaim(db, keys, token, who, clock());
  const approve = (id: string) => approveRebate(db, keys, rules, id, OPERATOR, clock());

  return {
    ...{ rules, payee, eligible, confirm, approve },
    /** A rebate that is to be sent, and nobody has been asked yet. */
    async sent(who: Payee = payee()) {
      const found = await eligible();
      await confirm(found.token, who);
      await approve(found.id);
      return found;
    },
    async rebate({ buyer, id }: { readonly buyer: { id: string }; readonly id: string }) {
      return (await rebatesOf(deps.db, buyer.id)).find((each) => each.id === id);
    },
    async payouts({ id }: { readonly id: string }) {
      return db.selectFrom('payout').selectAll().where('rebateId', '=', id).orderBy('askedAt').execute();
    },
    /** Fen that have come to people, or may still, by WeChat. */
    given: (outBillNos: readonly string[]) =>
      outBillNos.reduce((sum, no) => {
        const transfer = simulator.transfers.made.get(no);
        return sum + (transfer?.state === 'SUCCESS' ? transfer.fen : 0);
      }, 0),
    /** Who is paid accepts what waits for them. @returns whether that was possible. */
    async accept({ id }: { readonly id: string }): Promise<boolean> {
      const row = await db
        .selectFrom('payout')
        .select('packageInfo')
        .where('rebateId', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return row?.packageInfo ? simulator.acceptTransfer(row.packageInfo) : false;
    },
  };
}
