import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { passkey } from '@better-auth/passkey';
import { API, CODE_LENGTH, PASSWORD_LENGTH } from '@hili/contract';
import { betterAuth } from 'better-auth';
import { admin, emailOTP, genericOAuth } from 'better-auth/plugins';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Keys } from './secrets.ts';

export interface AuthDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly config: Pick<
    Config,
    'WECHAT_APP_ID' | 'WECHAT_APP_SECRET' | 'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_NAME'
  >;
  /** The address that others see, without a slash at its end. */
  readonly publicUrl: string;
  readonly log: Log;
}

/** Where providers send browsers back to: `/callback/wechat` and `/callback/oidc` under it. */
export const AUTH_PATH = `${API}/auth`;
/** Seconds that a code from a mail is good for, and how often it may be guessed at. */
export const CODE_SECONDS = 600;
const CODE_GUESSES = 3;
/** Seconds that a sign-in lasts without a visit, and after which a visit prolongs it. */
const SESSION_SECONDS = 30 * 86_400;
const PROLONG_SECONDS = 86_400;
/** Seconds after signing in within which an account can be changed or deleted. */
export const FRESH_SECONDS = 3600;

/** Browsers know passkeys at names only, `localhost` included. */
export const canUsePasskeys = (publicUrl: string): boolean => {
  const host = new URL(publicUrl).hostname;
  return isIP(host) === 0 && !host.startsWith('[');
};

/**
 * Opens better-auth on the schema `auth`. Its own HTTP side is reached by providers' callbacks only; everything else goes through our
 * routes, which limit, check and answer as the rest of the API does. What it needs to send, `outbox.ts` sends.
 */
export function openAuth({ pool, keys, config, publicUrl, log }: AuthDeps) {
  // A Kysely of its own: ours turns column names into snake case.
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const { WECHAT_APP_ID, WECHAT_APP_SECRET, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = config;
  return betterAuth({
    appName: 'Hili PhotoEnhance',
    baseURL: publicUrl,
    basePath: AUTH_PATH,
    secret: keys.auth.toString('base64url'),
    database: { db, type: 'postgres', schemaName: 'auth', transaction: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // rate-limits.ts counts
    logger: { level: 'error', log: (level, message) => log[level]({ from: 'better-auth' }, message) },
    onAPIError: { errorURL: '/sign-in' },
    advanced: {
      cookiePrefix: 'hili',
      useSecureCookies: publicUrl.startsWith('https:'),
      database: { generateId: 'uuid', validateSchema: false },
      ipAddress: { disableIpTracking: true },
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: PROLONG_SECONDS, freshAge: FRESH_SECONDS },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // a code proves the address first, then a password is set
      minPasswordLength: PASSWORD_LENGTH.least,
      maxPasswordLength: PASSWORD_LENGTH.most,
      revokeSessionsOnPasswordReset: true,
    },
    verification: { storeIdentifier: 'hashed' },
    account: { updateAccountOnSignIn: false },
    databaseHooks: {
      // We call no provider after the sign-in, so none of its tokens is kept.
      account: {
        create: {
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null },
          }),
        },
      },
    },
    user: {
      // Without it, a later sign-in of the same person could bring another id, and they would have two accounts.
      validateUserInfo: async ({ source }) =>
        source.oauth?.providerId === 'wechat' && !source.oauth.profile?.unionid
          ? { error: 'wechat_unionid_missing' }
          : undefined,
    },
    socialProviders:
      WECHAT_APP_ID && WECHAT_APP_SECRET
        ? {
            wechat: {
              clientId: WECHAT_APP_ID,
              clientSecret: WECHAT_APP_SECRET,
              lang: 'cn',
              mapProfileToUser: () => ({ image: undefined }),
            },
          }
        : {},
    plugins: [
      admin(),
      emailOTP({
        otpLength: CODE_LENGTH,
        expiresIn: CODE_SECONDS,
        allowedAttempts: CODE_GUESSES,
        // A million codes are soon tried against a plain hash; against one with a key they are not.
        storeOTP: { hash: async (otp) => createHmac('sha256', keys.codes).update(otp).digest('base64url') },
        changeEmail: { enabled: true },
        async sendVerificationOTP() {
          throw new Error('expected codes to be made when their mail is written');
        },
      }),
      passkey({
        rpName: 'Hili PhotoEnhance',
        origin: new URL(publicUrl).origin,
        // So that it can be found without an address being typed.
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      }),
      genericOAuth({
        config:
          OIDC_ISSUER && OIDC_CLIENT_ID
            ? [
                {
                  providerId: 'oidc',
                  name: OIDC_NAME,
                  discoveryUrl: `${OIDC_ISSUER.replace(/\/+$/, '')}/.well-known/openid-configuration`,
                  requireIdTokenVerification: true,
                  clientId: OIDC_CLIENT_ID,
                  clientSecret: OIDC_CLIENT_SECRET,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  disableProviderLogout: true,
                  mapProfileToUser: () => ({ image: undefined }),
                },
              ]
            : [],
      }),
    ],
  });
}

export type Auth = ReturnType<typeof openAuth>;
