import type { Provider, ProviderContext } from './provider.ts';

const DAY_SECONDS = 86_400;

/**
 * Bank transfer. Nobody can be asked about it: an operator says that the money has come (`confirmOrder`), and that it went back
 * (`endOfflineRefund`); until then an order is unpaid, and a refund is on its way.
 * @param account the operator's bank account in words.
 */
export function offline(account: string, days: number): Provider {
  return {
    name: 'offline',
    kind: 'manual',
    simulated: false,
    lifeSeconds: days * DAY_SECONDS,
    create: async ({ outTradeNo: reference }) => ({ kind: 'manual', reference, account }),
    query: async () => ({ state: 'unpaid' }),
    close: async () => 'closed',
    refund: async ({ outRefundNo, fen }) => ({ state: 'pending', outRefundNo, fen }),
    queryRefund: async ({ outRefundNo, fen }) => ({ state: 'pending', outRefundNo, fen }),
  };
}

/** Bank transfer as the settings say; undefined when they say nothing of it. */
export function openOffline({ config }: ProviderContext): Provider | undefined {
  return config.OFFLINE_ACCOUNT ? offline(config.OFFLINE_ACCOUNT, config.OFFLINE_DAYS) : undefined;
}
