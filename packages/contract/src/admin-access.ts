import { z } from 'zod';

/** Seconds for which a second factor lets a session look, and act; acts on money, secrets and settings need a fresher one. */
export const FACTOR_SECONDS = { console: 43_200, money: 900 } as const;

/**
 * `GET /access`: what this operator can show, and until when it counts. Times are ISO 8601 in UTC, null once they are over.
 *
 * The ways, each answering AdminAccess: `POST /access/totp` with FactorCode; `POST /access/recovery` with RecoveryCode, each code once;
 * `POST /access/passkey` with PasskeyAnswer, after `POST /access/passkey/options`, which answers what the browser's authenticator is asked:
 * it must verify its user. A wrong answer is SIGN_IN_FAILED, too many are RATE_LIMITED.
 */
export const AdminAccess = z.object({
  email: z.string(),
  passkeys: z.number().int(),
  totp: z.boolean(),
  recoveryCodesLeft: z.number().int(),
  consoleUntil: z.string().nullable(),
  moneyUntil: z.string().nullable(),
});
export type AdminAccess = z.infer<typeof AdminAccess>;

export const FactorCode = z.object({
  code: z
    .string()
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'expected six digits')),
});

export const RecoveryCode = z.object({ code: z.string().trim().min(1).max(40) });

/**
 * `POST /access/totp/new`: a secret for an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s), in base32 and as the text of a QR code.
 * Without any second factor it needs a sign-in of the last hour (SIGN_IN_AGAIN), else one that is fresh enough for money. It counts once
 * `PUT /access/totp` with FactorCode has proven it, which answers RecoveryCodes. `DELETE /access/totp` (204) ends it.
 * Passkeys are made and removed at `/api/v1/account/passkeys`, for an operator who has a second factor only with a fresh one.
 */
export const TotpSecret = z.object({ secret: z.string(), uri: z.string() });
export type TotpSecret = z.infer<typeof TotpSecret>;

/** `POST /access/recovery/new`: ten codes, shown this once, in place of all before. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;
