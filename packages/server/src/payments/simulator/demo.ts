import type { Clock } from '../../database.ts';
import type { Provider } from '../provider.ts';
import { wechat } from '../wechat.ts';
import { openSimulator, type Simulator } from './simulator.ts';

/** Milliseconds between two looks for notices that are due, and refunds that are to end. */
const TICK_MS = 1_000;
/** Milliseconds that a simulated refund takes. */
const REFUND_MS = 4_000;
const NAME = 'wechat-sim';

export const DEMO_PATH = '/demo/wechat';

export interface Demo {
  readonly name: string;
  readonly simulator: Simulator;
  /** WeChat Pay as it is, but asked on this machine; its orders say that they are simulated. */
  provider(notifyUrl: string): Provider;
  close(): Promise<void>;
}

/** Opens the simulated WeChat Pay, which delivers its notices and ends its refunds by itself. */
export async function openDemo(clock: Clock): Promise<Demo> {
  const simulator = await openSimulator(clock);
  const { world, notices, account } = simulator;
  let ticking: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    const now = clock().getTime();
    for (const { outRefundNo, status, createTime } of world.refunds.values())
      if (status === 'PROCESSING' && now - Date.parse(createTime) > REFUND_MS) simulator.settleRefund(outRefundNo);
    ticking ??= notices.deliver(now).finally(() => {
      ticking = undefined;
    });
  }, TICK_MS);
  timer.unref();

  return {
    name: NAME,
    simulator,
    provider(notifyUrl) {
      const real = wechat({ account, clock, notifyUrl });
      return {
        ...real,
        name: NAME,
        simulated: true,
        async create(bill) {
          const payment = await real.create(bill);
          if (payment.kind !== 'qr') return payment;
          return { ...payment, demoUrl: `${DEMO_PATH}?code=${encodeURIComponent(payment.code)}` };
        },
      };
    },
    async close() {
      clearInterval(timer);
      await ticking;
      await simulator.close();
    },
  };
}
