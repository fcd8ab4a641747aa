import { openSimulator } from '../../src/payments/simulator/simulator.ts';
import { wechat } from '../../src/payments/wechat.ts';
import { testProvider } from './suite.ts';
import type { Misstated } from './till.ts';

const TAMPERS = ['body', 'signature', 'serial', 'timestamp', 'aad', 'ciphertext', 'probe'];

await testProvider(async ({ clock, notifyUrl }) => {
  const simulator = await openSimulator(clock, 10_000);
  const { world, notices, account, faults } = simulator;
  const provider = wechat({ account, clock, notifyUrl: notifyUrl('wechat'), timeoutMs: 10_000 });
  const misstated = new Map<string, Misstated>();
  let outcome: 'done' | 'pending' | 'failed' = 'done';
  const settle = (outRefundNo: string, end: 'done' | 'failed') =>
    simulator.settleRefund(outRefundNo, end === 'done' ? 'SUCCESS' : 'CLOSED');
  return {
    provider,
    tampers: TAMPERS,
    clientTries: 1,
    looksFirst: 0,
    runs: 8,
    noticeFaults: notices.faults as never,
    tries: () => notices.tries.map(({ tamper, status }) => ({ tamper, accepted: status === 204 })),
    made: (outTradeNo) => Number(world.orders.has(outTradeNo)),
    pay({ payment, outTradeNo }) {
      // What WeChat says of its own order, before it signs it.
      const { fen, currency, transactionId } = misstated.get(outTradeNo) ?? {};
      const order = world.order(outTradeNo);
      Object.assign(order, { ...(fen && { total: fen }), ...(currency && { currency }) });
      // It numbers payments by itself, so that one which is to have another number is numbered for good.
      if (transactionId)
        Object.defineProperty(order, 'transactionId', { get: () => transactionId, set() {}, enumerable: true });
      return payment?.kind === 'qr' && simulator.pay(payment.code) === 'paid';
    },
    misstate: (outTradeNo, said) => void misstated.set(outTradeNo, said),
    spoil: (kinds) =>
      kinds.forEach((kind) => {
        if (kind !== 'none') faults.push({ match: /./, times: 1, kind });
      }),
    refundsWill(next) {
      outcome = next;
    },
    settle,
    refunded: (outTradeNo) =>
      [...world.refunds.values()].reduce(
        (sum, each) => sum + (each.outTradeNo === outTradeNo && each.status !== 'CLOSED' ? each.amount : 0),
        0,
      ),
    async deliver(until, choose = () => 0, turn) {
      // Its refunds never end at once.
      for (const { outRefundNo, status } of world.refunds.values())
        if (status === 'PROCESSING' && outcome !== 'pending') settle(outRefundNo, outcome);
      await notices.deliver(until, (due) => due[choose(due.length)], turn);
    },
    clear() {
      notices.clear();
      faults.length = 0;
    },
    close: simulator.close,
  };
});
