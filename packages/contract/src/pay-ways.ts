import type { Language } from './languages.ts';

/** THE table of ways to pay as buyers read them; `demo` for one that is simulated, `other` for one that is not here. */
export const PAY_WAYS = {
  wechat: { zh: '微信支付', en: 'WeChat Pay', ja: 'WeChat Pay', es: 'WeChat Pay', fr: 'WeChat Pay' },
  alipay: { zh: '支付宝', en: 'Alipay', ja: 'Alipay', es: 'Alipay', fr: 'Alipay' },
  stripe: { zh: '银行卡', en: 'Card', ja: 'カード', es: 'Tarjeta', fr: 'Carte bancaire' },
  offline: {
    ...{ zh: '银行转账', en: 'Bank transfer', ja: '銀行振込' },
    ...{ es: 'Transferencia bancaria', fr: 'Virement bancaire' },
  },
  demo: {
    ...{ zh: '微信支付（模拟）', en: 'WeChat Pay (simulated)', ja: 'WeChat Pay（模擬）' },
    ...{ es: 'WeChat Pay (simulado)', fr: 'WeChat Pay (simulé)' },
  },
  other: { zh: '其他方式', en: 'Another way', ja: 'その他の方法', es: 'Otra forma', fr: 'Un autre moyen' },
} as const satisfies Record<string, Record<Language, string>>;

export type PayWay = keyof typeof PAY_WAYS;

const NAMED = ['wechat', 'alipay', 'stripe', 'offline'] as const satisfies PayWay[];

/** The way to pay that a provider is, by the name that stands in orders. */
export function payWayOf({ provider, simulated }: { readonly provider: string; readonly simulated: boolean }): PayWay {
  if (simulated) return 'demo';
  return NAMED.find((way) => way === provider) ?? 'other';
}
