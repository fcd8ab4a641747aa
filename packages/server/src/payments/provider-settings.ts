import { PACKAGES } from '@hili/contract';
import { z } from 'zod';

const text = () => z.string().min(1).optional();

/** Ways to pay that Stripe's page can offer. */
const METHODS = ['card', 'alipay', 'wechat_pay'] as const;
/** Currencies with 100 parts that cards, Alipay and WeChat Pay all take at Stripe. */
const CURRENCIES = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'SGD', 'AUD', 'CAD'] as const;

/** `photos-3:690,photos-10:1990`, as amounts by package code. @throws Error in the words of a setting's refusal. */
export function readPrices(list: string): ReadonlyMap<string, number> {
  const prices = new Map<string, number>();
  for (const pair of list === '' ? [] : list.split(',')) {
    const [, code = '', fen] = /^\s*([\w-]+):([1-9]\d{0,8})\s*$/.exec(pair) ?? [];
    if (!PACKAGES.some((each) => each.code === code)) throw new Error('expected packages and their prices');
    prices.set(code, Number(fen));
  }
  const isWhole = prices.size === 0 || PACKAGES.every(({ code }) => prices.has(code));
  if (!isWhole) throw new Error('expected a price of each package');
  return prices;
}

function isPrices(list: string): boolean {
  try {
    return readPrices(list).size >= 0;
  } catch {
    return false;
  }
}

/** The settings of Stripe, Alipay and bank transfers; settings.ts joins them with the others of payments. */
export const PROVIDER_SETTINGS = {
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_\w+$/, 'expected a key such as sk_live_…')
    .optional()
    .describe("Secret or restricted key of Stripe; sells on Stripe's page when it is set."),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_\S+$/, 'expected a secret such as whsec_…')
    .optional()
    .describe(
      'Secret of the webhook at /api/v1/payments/stripe/notify, for checkout.session.*, refund.* and charge.dispute.* events.',
    ),
  STRIPE_METHODS: z
    .string()
    .refine((list) => readMethods(list).every((name) => METHODS.some((each) => each === name)), {
      error: `expected some of ${METHODS.join(', ')} separated by commas`,
    })
    .default(METHODS.join(','))
    .describe("Ways to pay on Stripe's page; each has to be turned on in that account as well."),
  STRIPE_CURRENCY: z
    .enum(CURRENCIES)
    .default('CNY')
    .describe('Currency in which Stripe sells; another than CNY needs STRIPE_PRICES.'),
  STRIPE_PRICES: z
    .string()
    .refine(
      isPrices,
      'expected a price of each package, such as photos-3:690,photos-10:2100,photos-50:5600,photos-200:13900',
    )
    .default('')
    .describe('Price of each package there in 1/100 of that currency; empty for the usual ones in CNY.'),
  ALIPAY_APP_ID: z
    .string()
    .regex(/^\d{16}$/, 'expected 16 digits')
    .optional()
    .describe('App of open.alipay.com; sells by QR code when it is set, with the three settings that follow.'),
  ALIPAY_KEY_FILE: text().describe('File of its private key, PEM or as the tool of Alipay writes it.'),
  ALIPAY_PUBLIC_KEY_FILE: text().describe("File of Alipay's public key (not of the app's own)."),
  ALIPAY_SELLER_ID: z
    .string()
    .regex(/^2088\d{12}$/, 'expected 16 digits that begin with 2088')
    .optional()
    .describe('Number of the merchant at Alipay (PID); a notice for another is refused.'),
  ALIPAY_GATEWAY: z
    .url({ protocol: /^https?$/ })
    .default('https://openapi.alipay.com/gateway.do')
    .describe('Where Alipay is asked; its sandbox has another address.'),
  OFFLINE_ACCOUNT: z
    .string()
    .max(500)
    .optional()
    .describe(
      'Your bank account, as buyers shall read it; sells by bank transfer when it is set. See hili orders confirm.',
    ),
  OFFLINE_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(60)
    .default(7)
    .describe('Days for which an order by bank transfer waits for its money.'),
  OFFLINE_LIMIT_FEN: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(500_000)
    .describe('Bank transfers above this many fen are confirmed by two different operators.'),
} as const;

export const readMethods = (list: string): string[] => list.split(',').map((name) => name.trim());

/** Those whose values are never repeated in a message. */
export const PROVIDER_SECRETS = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];

/** Those that need another one, and which. */
export const PROVIDER_NEEDS = {
  STRIPE_SECRET_KEY: 'STRIPE_WEBHOOK_SECRET',
  STRIPE_WEBHOOK_SECRET: 'STRIPE_SECRET_KEY',
  ALIPAY_APP_ID: 'ALIPAY_KEY_FILE',
  ALIPAY_KEY_FILE: 'ALIPAY_PUBLIC_KEY_FILE',
  ALIPAY_PUBLIC_KEY_FILE: 'ALIPAY_SELLER_ID',
  ALIPAY_SELLER_ID: 'ALIPAY_APP_ID',
} as const;

/** The setting of each that is there when it is set up. */
export const PROVIDER_SET_UP = ['STRIPE_SECRET_KEY', 'ALIPAY_APP_ID', 'OFFLINE_ACCOUNT'] as const;
