import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { MAX_UPLOAD_BYTES, PACKAGES, STEP_NAMES } from '@hili/contract';
import { LIVE_SETTINGS, type LiveSetting } from '@hili/contract/admin';
import { z } from 'zod';
import { demoPayments, PAYMENT_NEEDS, PAYMENT_SECRETS, PAYMENT_SETTINGS } from './payments/settings.ts';

const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off']).default(fallback);
const whole = (least: number, most: number, fallback: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);

const announcement = (language: string) =>
  z
    .string()
    .trim()
    .max(500, 'expected at most 500 characters')
    .default('')
    .describe(
      `Words in a banner on every page, in ${language}; empty for none. The console changes it without a restart.`,
    );

const Settings = z.object({
  HILI_DATA: z
    .string()
    .min(1)
    .default('./data')
    .describe('Folder of everything that is kept: photos, database, secret.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 lets other machines in.'),
  PORT: whole(0, 65535, 3000).describe('Port to listen on; 0 takes any free one.'),
  HILI_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address that others see, as in links to pictures; by default made of HOST and PORT.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A PostgreSQL (15 or newer) of your own; by default one is run from the data folder.'),
  HILI_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Key of signed links and sealed secrets, 32 characters or more; by default made once in the data folder.',
    ),
  HILI_MODELS: z.string().optional().describe('Folder of models that take precedence over the built-in ones.'),
  FREE_PER_DAY: whole(0, 1000, 3).describe('Free photos of one visitor a day.'),
  FREE_PER_ADDRESS: whole(0, 100_000, 30).describe('Free photos a day of all visitors at one address (IPv6: one /64).'),
  FREE_LONG_EDGE: whole(16, 20_000, 2000).describe(
    'Longer side of a free result at most, in pixels; larger is reduced.',
  ),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Asia/Shanghai')
    .default('Asia/Shanghai')
    .describe('Time zone whose midnight ends a day of free photos.'),
  RETENTION_SECONDS: whole(1, 31_536_000, 3600).describe(
    'Seconds for which pictures are kept after the last run ended.',
  ),
  ORPHAN_SECONDS: whole(60, 31_536_000, 3600).describe(
    'Seconds after which a stored file that no photo names is removed.',
  ),
  JOB_DEADLINE_SECONDS: whole(1, 31_536_000, 86_400).describe('Seconds after which a job that has not ended fails.'),
  JOB_TIMEOUT_SECONDS: whole(1, 86_400, 900).describe('Seconds that one run of a job may take.'),
  LEASE_SECONDS: whole(2, 3600, 30).describe(
    'Seconds without a sign of life after which a worker counts as dead and its job goes to another.',
  ),
  PAID_HEAD_START_SECONDS: whole(0, 86_400, 900).describe(
    'Paid jobs queue as if they had come this many seconds earlier than free ones.',
  ),
  INFERENCE_PROCESSES: z.coerce
    .number()
    .int()
    .min(1)
    .max(512)
    .optional()
    .describe('Photos restored at once by one worker, each by one process; by default one a core.'),
  MEMORY_MB: whole(256, 1_048_576, 2048).describe('Memory of one inference process at most, in MiB.'),
  MAX_UPLOAD_BYTES: whole(1, 2_147_483_647, MAX_UPLOAD_BYTES).describe('Bytes of one uploaded file at most.'),
  MAX_PIXELS: whole(1, 1_000_000_000, 100_000_000).describe('Pixels of an uploaded picture at most.'),
  MAX_SIDE: whole(1, 65_535, 20_000).describe('Longer side of an uploaded picture at most, in pixels.'),
  TRUST_PROXY: z
    .union([z.literal('off'), z.coerce.number().int().min(0).max(10)])
    .default('off')
    .describe('Number of proxies in front whose X-Forwarded-For is believed, or off.'),
  INVITE_CREDITS_INVITER: whole(0, 1000, 3).describe(
    'Photos for who invited a friend, once that friend has bought for the first time.',
  ),
  INVITE_CREDITS_INVITEE: whole(0, 1000, 3).describe(
    'Photos for the friend, at the same time; invites are off when both are 0.',
  ),
  INVITE_DAYS: whole(1, 3650, 90).describe('Days for which these photos are good.'),
  INVITES_PER_MONTH: whole(0, 100_000, 20).describe('Friends in 30 days for whom one inviter is rewarded at most.'),
  REBATE_FEN: z
    .string()
    .refine(isAmounts, 'expected a package and fen for each, such as photos-3:200,photos-10:600')
    .default('')
    .describe('Cash back on an order of each package, in fen, such as photos-3:200,photos-10:600; empty for none.'),
  REBATE_DAYS: whole(0, 365, 7).describe('Days after the payment from which a rebate can be claimed.'),
  REBATE_DAILY_FEN: whole(0, 1_000_000_000, 100_000).describe(
    'Fen of rebates that may be approved in 24 hours; 0 stops approvals.',
  ),
  QUEUE_LIMIT: whole(1, 1_000_000, 1000).describe('Jobs that may wait; uploads beyond are refused with HTTP 503.'),
  RATE_LIMITS: onOff('on').describe('Whether requests of one address are counted; off where a proxy in front does it.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      'Mail server, as smtps://user:password@host:465; without one, mails go to the folder mailbox of HILI_DATA.',
    ),
  MAIL_FROM: z
    .string()
    .regex(/@[^\s@]+$|@[^\s@]+>$/, 'expected an address such as Hili PhotoEnhance <photos@example.com>')
    .optional()
    .describe('Sender of all mails; needed with SMTP_URL.'),
  WECHAT_APP_ID: z.string().optional().describe('Website app of open.weixin.qq.com, for signing in by WeChat QR code.'),
  WECHAT_APP_SECRET: z.string().optional().describe('Secret of that app.'),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Issuer of an OpenID Connect provider of your own, for signing in; it calls back /api/v1/auth/callback/oidc.',
    ),
  OIDC_CLIENT_ID: z.string().optional().describe('Our client id at that provider.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Our client secret at that provider.'),
  OIDC_NAME: z.string().max(40).default('OpenID').describe('Name of that provider on its button.'),
  OPERATOR_NAME: z.string().max(100).optional().describe('Who runs this site, as its contact page says.'),
  CONTACT_EMAIL: z.email().optional().describe('Address on the contact page, where visitors write to you.'),
  CONTACT_WECHAT: z.string().max(60).optional().describe('WeChat ID on the contact page.'),
  CONTACT_QR: z
    .string()
    .regex(/\.(png|jpe?g|webp)$/i, 'expected a file that ends in .png, .jpg or .webp')
    .optional()
    .describe('File of your WeChat QR code, a PNG, JPEG or WebP, shown on the contact page.'),
  CONTACT_ADDRESS: z.string().max(300).optional().describe('Postal address on the contact page.'),
  LABEL_PRODUCER: z
    .string()
    .max(100)
    .optional()
    .describe('Code of the operator in the AI label of every result, where the law asks for one.'),
  VISIBLE_LABEL: z
    .string()
    .refine((text) => text === 'off' || readSteps(text).every((step) => STEP_NAMES.some((name) => name === step)), {
      error: `expected off, or some of ${STEP_NAMES.join(', ')} separated by commas`,
    })
    .default('off')
    .describe(
      'Steps after which a result also says in its corner that an AI has worked on it, such as repair,colour; or off.',
    ),
  ...PAYMENT_SETTINGS,
  ANNOUNCEMENT_ZH: announcement('Chinese'),
  ANNOUNCEMENT_EN: announcement('English'),
  ANNOUNCEMENT_JA: announcement('Japanese'),
  ANNOUNCEMENT_ES: announcement('Spanish'),
  ANNOUNCEMENT_FR: announcement('French'),
  WORKER: onOff('on').describe('Whether npm start also runs a worker.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('warn')
    .describe('Least level of what is logged.'),
  HILI_PARTNER_CODE: z.string().optional().describe('For the CLI with --remote: the third_code to work under.'),
  HILI_PARTNER_SECRET: z.string().optional().describe('For the CLI with --remote: the secret_key of that code.'),
});

export type Config = Readonly<
  Omit<z.infer<typeof Settings>, 'INFERENCE_PROCESSES' | 'TRUST_PROXY' | 'VISIBLE_LABEL' | 'DEMO_PAYMENTS'> & {
    INFERENCE_PROCESSES: number;
    /** Proxies in front; 0 for none. */
    TRUST_PROXY: number;
    /** Names of steps; none for off. */
    VISIBLE_LABEL: readonly string[];
    /** Whether payments are simulated here. */
    DEMO_PAYMENTS: boolean;
    /** What the console can change, as the environment and the defaults have it: the text, and whether the environment named it. */
    LIVE: Readonly<Record<LiveSetting, { readonly text: string; readonly isGiven: boolean }>>;
  }
>;

/** Settings whose values are never repeated in a message. */
const SECRET = [
  'HILI_SECRET',
  'HILI_PARTNER_SECRET',
  'DATABASE_URL',
  'SMTP_URL',
  'WECHAT_APP_SECRET',
  'OIDC_CLIENT_SECRET',
  ...PAYMENT_SECRETS,
];

/** Settings that need others, and which. */
const NEEDS = {
  SMTP_URL: 'MAIL_FROM',
  WECHAT_APP_ID: 'WECHAT_APP_SECRET',
  WECHAT_APP_SECRET: 'WECHAT_APP_ID',
  OIDC_ISSUER: 'OIDC_CLIENT_ID',
  OIDC_CLIENT_ID: 'OIDC_ISSUER',
  ...PAYMENT_NEEDS,
} as const;

const readSteps = (text: string) => text.split(',').map((step) => step.trim());
const readLabel = (text: string) => (text === 'off' ? [] : readSteps(text));

/** Whether a text lists amounts by package code. */
function isAmounts(text: string): boolean {
  return (
    text === '' ||
    text.split(',').every((pair) => {
      const [, code, fen] = /^\s*([\w-]+):(\d{1,7})\s*$/.exec(pair) ?? [];
      return PACKAGES.some((each) => each.code === code && each.wechatRebate && Number(fen) < each.fen);
    })
  );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

/**
 * Reads every setting once. Empty variables count as absent. Folders and files come back absolute.
 * @throws Error that names every bad key in one message.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = environment()): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Settings.safeParse(given);
  const wrong = (parsed.error?.issues ?? []).map((issue) => {
    const key = String(issue.path[0]);
    const wanted = Settings.shape[key as keyof typeof Settings.shape].description;
    return `${words(issue.message, key, given[key])} (${wanted})`;
  });
  const missing = Object.entries(NEEDS)
    .flatMap(([key, others]) => [others].flat().map((other) => [key, other] as const))
    .filter(([key, other]) => given[key] && !given[other])
    .map(([key, other]) => `expected a value for ${other} but received none, and ${key} needs it`);
  const lines = [...wrong, ...missing];
  if (!parsed.success || lines.length > 0) throw new Error(`Settings are wrong:\n${lines.join('\n')}`);
  const values = parsed.data;
  return Object.freeze({
    ...values,
    HILI_DATA: resolve(values.HILI_DATA),
    HILI_MODELS: values.HILI_MODELS && resolve(values.HILI_MODELS),
    CONTACT_QR: values.CONTACT_QR && resolve(values.CONTACT_QR),
    INFERENCE_PROCESSES: values.INFERENCE_PROCESSES ?? availableParallelism(),
    TRUST_PROXY: values.TRUST_PROXY === 'off' ? 0 : values.TRUST_PROXY,
    VISIBLE_LABEL: readLabel(values.VISIBLE_LABEL),
    DEMO_PAYMENTS: demoPayments(values),
    LIVE: Object.fromEntries(
      LIVE_SETTINGS.map((key) => [key, { text: String(values[key]), isGiven: given[key] !== undefined }]),
    ) as Config['LIVE'],
  });
}

/** What is wrong with a value, which is repeated unless it is secret. */
function words(message: string, key: string, value: string | undefined): string {
  const received = SECRET.includes(key) ? 'another value' : JSON.stringify(value);
  return `expected ${message.replace(/^(Invalid input: )?expected /, '')} for ${key} but received ${received}`;
}

/**
 * Reads a setting that the console changes, by the same rules as the environment; empty stands for the default, as there.
 * @throws Error with what is wrong with it.
 */
export function readLive<Key extends LiveSetting>(key: Key, text: string): Config[Key] {
  const parsed = Settings.shape[key].safeParse(text === '' ? undefined : text);
  if (!parsed.success) throw new Error(words(parsed.error.issues[0]?.message ?? '', key, text));
  const value = key === 'VISIBLE_LABEL' ? readLabel(String(parsed.data)) : parsed.data;
  return value as Config[Key];
}

/** The environment, and behind it the file `.env` of the working folder, if there is one. */
function environment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return process.env;
}

/** The folder that relative paths of a command line mean: npm runs the CLI in the project's folder and names the caller's. */
export function callerFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return (env.npm_lifecycle_event === 'hili' && env.INIT_CWD) || process.cwd();
}

/** Every setting with its default as text, empty for none, and its meaning. */
export function listSettings(): { key: string; fallback: string; meaning: string }[] {
  const { properties = {} } = z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([key, schema]) => {
    const { description = '', default: fallback = '' } = schema as { description?: string; default?: unknown };
    return { key, fallback: String(fallback), meaning: description };
  });
}

/** The text of `.env.example`. */
export function envExample(): string {
  const head =
    '# Every setting with its default. Copy to .env and take away the # of what you change, or set it in the environment.';
  return [head, ...listSettings().map(({ key, fallback, meaning }) => `# ${meaning}\n#${key}=${fallback}`)]
    .join('\n\n')
    .concat('\n');
}
