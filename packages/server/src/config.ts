import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { LIVE_SETTINGS, type LiveSetting } from '@hili/contract/admin';
import { z } from 'zod';
import { demoPayments, PAYMENT_NEEDS, PAYMENT_SECRETS, PAYMENT_SETTINGS } from './payments/settings.ts';
import { JOB_SETTINGS } from './settings/jobs.ts';
import { onOff, whole } from './settings/kinds.ts';
import { LABEL_SETTINGS, readLabel } from './settings/labels.ts';
import { FREE_SETTINGS, REWARD_SETTINGS } from './settings/offers.ts';
import { ACCOUNT_SETTINGS, CONTACT_SETTINGS } from './settings/people.ts';
import { PLACE_SETTINGS } from './settings/place.ts';

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
  ...PLACE_SETTINGS,
  ...FREE_SETTINGS,
  ...JOB_SETTINGS,
  TRUST_PROXY: z
    .union([z.literal('off'), z.coerce.number().int().min(0).max(10)])
    .default('off')
    .describe('Number of proxies in front whose X-Forwarded-For is believed, or off.'),
  ...REWARD_SETTINGS,
  QUEUE_LIMIT: whole(1, 1_000_000, 1000).describe('Jobs that may wait; uploads beyond are refused with HTTP 503.'),
  DISK_RESERVE_MB: whole(0, 1_000_000_000, 500).describe(
    'MiB that stay free where photos and the database lie; uploads beyond are refused with HTTP 503.',
  ),
  RATE_LIMITS: onOff('on').describe('Whether requests of one address are counted; off where a proxy in front does it.'),
  ...ACCOUNT_SETTINGS,
  ...CONTACT_SETTINGS,
  ...LABEL_SETTINGS,
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
