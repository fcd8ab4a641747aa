import { z } from 'zod';
import { whole } from '../settings/kinds.ts';
import { PROVIDER_NEEDS, PROVIDER_SECRETS, PROVIDER_SET_UP, PROVIDER_SETTINGS } from './provider-settings.ts';

const text = () => z.string().min(1).optional();

/** The settings of payments; config.ts joins them with all others. */
export const PAYMENT_SETTINGS = {
  REFUND_DAYS: whole(0, 365, 30).describe(
    'Days after the payment within which unused photos can be given back for their price.',
  ),
  WECHAT_PAY_MCHID: z
    .string()
    .regex(/^\d{6,32}$/, 'expected digits')
    .optional()
    .describe('Merchant number of WeChat Pay; sells by QR code when it is set, with the five settings that follow.'),
  WECHAT_PAY_APPID: text().describe('App id that is bound to that merchant.'),
  WECHAT_PAY_SERIAL: z
    .string()
    .regex(/^[0-9A-Fa-f]{16,64}$/, 'expected a serial number in hex')
    .optional()
    .describe("Serial number of the merchant's API certificate."),
  WECHAT_PAY_KEY_FILE: text().describe('File of its private key (apiclient_key.pem).'),
  WECHAT_PAY_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{32}$/, 'expected 32 characters')
    .optional()
    .describe('APIv3 key, 32 characters; it opens what WeChat Pay sends.'),
  WECHAT_PAY_PUBLIC_KEYS: z
    .string()
    .regex(/^PUB_KEY_ID_\w+=[^,]+$/, 'expected an id and a file, such as PUB_KEY_ID_01=keys/pub_key.pem')
    .optional()
    .describe('Id and file of the WeChat Pay public key, such as PUB_KEY_ID_01=keys/pub_key.pem.'),
  WECHAT_PAY_CERTIFICATES: text().describe(
    'Files of WeChat Pay platform certificates, separated by commas; beside the public key while one changes over to it, or alone.',
  ),
  WECHAT_PAY_HOSTS: z
    .string()
    .regex(/^https?:\/\/[^,\s]+(,https?:\/\/[^,\s]+)*$/, 'expected addresses separated by commas')
    .default('https://api.mch.weixin.qq.com,https://api2.mch.weixin.qq.com')
    .describe('Where WeChat Pay is asked, the second when the first is away.'),
  WECHAT_SERVICE_APPID: text().describe(
    'App id of a service account that is bound to that merchant; rebates are then sent by merchant transfer.',
  ),
  WECHAT_SERVICE_SECRET: text().describe('Secret of that service account.'),
  ...PROVIDER_SETTINGS,
  DEMO_PAYMENTS: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Simulated payments, where credits cost nothing; auto for: while no way to pay is set up. Only where nobody else can reach the site, see DEMO_SITE.',
    ),
  DEMO_SITE: z
    .enum(['0', '1'])
    .default('0')
    .describe(
      '1 lets simulated payments run on a public address or with NODE_ENV=production: a demonstration for all.',
    ),
  NODE_ENV: z.string().optional().describe('production refuses simulated payments.'),
} as const;

/** Those whose values are never repeated in a message. */
export const PAYMENT_SECRETS = ['WECHAT_PAY_API_KEY', 'WECHAT_SERVICE_SECRET', ...PROVIDER_SECRETS];

/** Those that need others, and which. */
export const PAYMENT_NEEDS = {
  WECHAT_PAY_MCHID: 'WECHAT_PAY_APPID',
  WECHAT_PAY_APPID: 'WECHAT_PAY_SERIAL',
  WECHAT_PAY_SERIAL: 'WECHAT_PAY_KEY_FILE',
  WECHAT_PAY_KEY_FILE: 'WECHAT_PAY_API_KEY',
  WECHAT_PAY_API_KEY: 'WECHAT_PAY_MCHID',
  WECHAT_PAY_PUBLIC_KEYS: 'WECHAT_PAY_MCHID',
  WECHAT_PAY_CERTIFICATES: 'WECHAT_PAY_MCHID',
  WECHAT_SERVICE_APPID: ['WECHAT_SERVICE_SECRET', 'WECHAT_PAY_MCHID'],
  WECHAT_SERVICE_SECRET: 'WECHAT_SERVICE_APPID',
  ...PROVIDER_NEEDS,
} as const;

/** The setting of each way to pay that is there when it is set up. */
const SET_UP = ['WECHAT_PAY_MCHID', ...PROVIDER_SET_UP] as const;

type Values = z.infer<z.ZodObject<typeof PAYMENT_SETTINGS>> & {
  readonly HOST: string;
  readonly HILI_PUBLIC_URL?: string | undefined;
  readonly TRUST_PROXY: number | 'off';
};

/** Whether only this machine reaches a host of such a name. */
export const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

/** Why simulated payments are refused, in words; undefined when they are not. */
function refusal({ HOST, HILI_PUBLIC_URL, TRUST_PROXY, NODE_ENV, DEMO_SITE }: Values): string | undefined {
  if (DEMO_SITE === '1') return undefined;
  if (NODE_ENV === 'production') return 'NODE_ENV is production';
  if (!isLoopback(HOST)) return `HOST is ${HOST}`;
  if (HILI_PUBLIC_URL && !isLoopback(new URL(HILI_PUBLIC_URL).hostname)) return 'HILI_PUBLIC_URL is not this machine';
  if (TRUST_PROXY !== 'off' && TRUST_PROXY > 0) return 'a proxy is trusted';
  return undefined;
}

/** Whether payments are simulated. @throws Error when they are asked for where they must not be. */
export function demoPayments(values: Values): boolean {
  if (values.DEMO_PAYMENTS === 'off') return false;
  const reason = refusal(values);
  if (values.DEMO_PAYMENTS === 'auto') return reason === undefined && SET_UP.every((key) => !values[key]);
  if (reason !== undefined)
    throw new Error(
      `expected DEMO_PAYMENTS=on only where nobody else comes, or DEMO_SITE=1, but received it while ${reason}`,
    );
  return true;
}
