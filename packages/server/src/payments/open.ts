import { API } from '@hili/contract';
import type { Config } from '../config.ts';
import type { Clock } from '../database.ts';
import type { Log } from '../log.ts';
import { openAlipay } from './alipay.ts';
import { openOffline } from './offline.ts';
import type { Payouts } from './payouts.ts';
import type { Provider, ProviderContext } from './provider.ts';
import { openDemo } from './simulator/demo.ts';
import type { Simulator } from './simulator/simulator.ts';
import { openStripe } from './stripe.ts';
import { readWechatAccount } from './wechat/account.ts';
import { wechatPayouts } from './wechat/payouts.ts';
import { openWechat } from './wechat.ts';

/** THE table of ways to pay, in the order in which a page offers them: by its name, opens it, or nothing where it is not set up. */
const PROVIDERS: Readonly<Record<string, (context: ProviderContext) => Provider | undefined>> = {
  wechat: openWechat,
  alipay: openAlipay,
  stripe: openStripe,
  offline: openOffline,
};

interface Place {
  readonly publicUrl: string;
  /** Where we are reached from this machine. */
  readonly ownUrl: string;
}

export interface Payments {
  /** The ways to pay that are open here, by name. */
  providers(at: Place): ReadonlyMap<string, Provider>;
  /** Where rebates are sent by WeChat; undefined where they are paid by hand. */
  payouts(at: Place): Payouts | undefined;
  /** WeChat Pay on this machine, where payments are simulated. */
  readonly simulator: Simulator | undefined;
  close(): Promise<void>;
}

const notifyPath = (name: string) => `${API}/payments/${name}/notify`;

/** Opens the ways to pay that are set up, and the simulated one where payments are simulated. @throws Error for keys that are none. */
export async function openPayments(config: Config, clock: Clock, log: Log): Promise<Payments> {
  const demo = config.DEMO_PAYMENTS ? await openDemo(clock, config.HILI_DATA, log) : undefined;
  return {
    simulator: demo?.simulator,
    providers({ publicUrl, ownUrl }) {
      const open = new Map<string, Provider>();
      for (const [name, openProvider] of Object.entries(PROVIDERS)) {
        const provider = openProvider({ config, clock, publicUrl, notifyUrl: publicUrl + notifyPath(name) });
        if (provider) open.set(name, provider);
      }
      // The simulated one is asked for at our own address: the public one may not be reachable from here.
      const simulated = demo?.provider(ownUrl + notifyPath(demo.name));
      if (simulated) open.set(simulated.name, simulated);
      return open;
    },
    payouts({ publicUrl, ownUrl }) {
      if (demo) return demo.payouts(publicUrl, ownUrl + notifyPath(demo.name));
      const { WECHAT_SERVICE_APPID: appid, WECHAT_SERVICE_SECRET: secret } = config;
      const account = readWechatAccount(config);
      if (!account || !appid || !secret) return undefined;
      return wechatPayouts({ account, service: { appid, secret }, clock, notifyUrl: publicUrl + notifyPath('wechat') });
    },
    close: async () => demo?.close(),
  };
}
