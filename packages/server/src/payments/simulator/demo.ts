import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../database.ts';
import type { Log } from '../../log.ts';
import type { Payouts } from '../payouts.ts';
import type { Provider } from '../provider.ts';
import { wechatPayouts } from '../wechat/payouts.ts';
import { wechat } from '../wechat.ts';
import { SIM_SECRET } from './people.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import type { Saved } from './world.ts';

/** Milliseconds between two looks for notices that are due, and refunds that are to end. */
const TICK_MS = 1_000;
/** Milliseconds that a simulated refund takes. */
const REFUND_MS = 4_000;
const NAME = 'wechat-sim';

export const DEMO_PATH = '/demo/wechat';

export interface Demo {
  readonly name: string;
  readonly simulator: Simulator;
  /** Merchant transfers as they are, but asked on this machine, with pages of ours for those of WeChat. */
  payouts(publicUrl: string, notifyUrl: string): Payouts;
  /** WeChat Pay as it is, but asked on this machine; its orders say that they are simulated. */
  provider(notifyUrl: string): Provider;
  close(): Promise<void>;
}

/**
 * Opens the simulated WeChat Pay, which delivers its notices and ends its refunds by itself.
 * @param folder where its orders are kept, so that what was bought can be refunded after a restart.
 */
export async function openDemo(clock: Clock, folder: string, log: Log): Promise<Demo> {
  const path = join(folder, 'wechat-sim.json');
  let saved = await readFile(path, 'utf8').catch(() => '');
  const simulator = await openSimulator(clock, undefined, saved ? (JSON.parse(saved) as Saved) : undefined);
  const { world, transfers, notices, account } = simulator;
  let ticking: Promise<unknown> | undefined;

  async function save(): Promise<void> {
    const text = JSON.stringify({ ...world.toJSON(), transfers: [...transfers.made.values()] });
    if (text === saved) return;
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
    saved = text;
  }

  // What a notice tells is kept before it goes out.
  async function tick(): Promise<void> {
    const now = clock().getTime();
    for (const { outRefundNo, status, createTime } of world.refunds.values())
      if (status === 'PROCESSING' && now - Date.parse(createTime) > REFUND_MS) simulator.settleRefund(outRefundNo);
    await save();
    await notices.deliver(now);
  }
  const timer = setInterval(() => {
    ticking ??= tick()
      .catch((error) => log.warn({ error }, 'the simulated WeChat Pay had an error'))
      .finally(() => {
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
    payouts(publicUrl, notifyUrl) {
      const service = { appid: account.appid, secret: SIM_SECRET, api: String(account.hosts[0]) };
      const page = `${publicUrl}${DEMO_PATH}/who`;
      return {
        ...wechatPayouts({ account, clock, notifyUrl, service: { ...service, page } }),
        name: NAME,
        acceptUrl: (packageInfo) => `${DEMO_PATH}/accept?package=${encodeURIComponent(packageInfo)}`,
      };
    },
    async close() {
      clearInterval(timer);
      await ticking;
      await save();
      await simulator.close();
    },
  };
}
