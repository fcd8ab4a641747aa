import { z } from 'zod';
import { LANGUAGES } from './languages.ts';
import { DELETION_WORD, PASSWORD_LENGTH } from './limits.ts';

/** An address that mail can reach, in small letters. `.invalid` (RFC 2606) is no such place. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .refine((address) => !address.endsWith('.invalid'), 'expected an address that mail can reach');

const Password = z.string().min(PASSWORD_LENGTH.least).max(PASSWORD_LENGTH.most);
const Code = z
  .string()
  .trim()
  .regex(/^\d{6}$/);

/** `GET /api/v1/sign-in-ways`: the ways that this installation offers; a page shows no others. */
export const SignInWays = z.object({
  code: z.boolean(),
  password: z.boolean(),
  /** Browsers know passkeys only where the site has a name, `localhost` included: not at a bare IP address. */
  passkey: z.boolean(),
  wechat: z.boolean(),
  /** The words for the button of the operator's own provider. */
  oidc: z.object({ name: z.string() }).nullable(),
  /** Whether mails, such as one with a code, leave this installation; else each is a file in its folder `mailbox`. */
  mail: z.boolean(),
});
export type SignInWays = z.infer<typeof SignInWays>;

/**
 * `GET /api/v1/proof`: work for the caller's machine, of about a second, against floods. `solveChallenge` of altcha-lib does it, with
 * `deriveKey` of PBKDF2; the challenge and its solution then go with the request, once, within ten minutes.
 */
export const Challenge = z.object({
  parameters: z.object({
    algorithm: z.string(),
    nonce: z.string(),
    salt: z.string(),
    cost: z.number(),
    keyLength: z.number(),
    keyPrefix: z.string(),
    keySignature: z.string().optional(),
    expiresAt: z.number().optional(),
  }),
  signature: z.string().max(200),
});
export type Challenge = z.infer<typeof Challenge>;

export const Proof = z.object({
  challenge: Challenge,
  solution: z.object({ counter: z.number().int(), derivedKey: z.string().max(200) }),
});
export type Proof = z.infer<typeof Proof>;

/** `POST /api/v1/codes` and `POST /api/v1/password/forgotten`: asks for a mail. The answer, 204, is the same for any address. */
export const MailRequest = z.object({ email: Email, proof: Proof });

/** `POST /api/v1/sign-in/code`: makes the account when there is none; a password, when given, is set. Answers MeView. */
export const CodeSignIn = z.object({ email: Email, code: Code, password: Password.optional() });

/** `POST /api/v1/sign-in/password`. Answers MeView. */
export const PasswordSignIn = z.object({ email: Email, password: z.string().max(PASSWORD_LENGTH.most) });

/** `POST /api/v1/sign-in/wechat` and `…/oidc`: where to send the browser; `returnTo` is a path of the page to come back to. */
export const ProviderSignIn = z.object({
  returnTo: z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])[^\\\s]*$/, 'expected a path of this site')
    .default('/'),
});
export const ProviderAddress = z.object({ url: z.string() });
export type ProviderAddress = z.infer<typeof ProviderAddress>;

/** `POST /api/v1/sign-in/passkey` (answers MeView) and, with a name, `POST /api/v1/account/passkeys`: what the browser's authenticator said. */
export const PasskeyAnswer = z.object({
  response: z.looseObject({ id: z.string() }),
  name: z.string().trim().min(1).max(60).optional(),
});

/** `POST /api/v1/password/reset`: ends every session of the account. Answers ResetDone. */
export const PasswordReset = z.object({ token: z.string().min(1).max(200), password: Password });
/** The account whose password was set, so that the page can sign in with it at once. */
export const ResetDone = z.object({ email: z.string() });
export type ResetDone = z.infer<typeof ResetDone>;

/** `POST /api/v1/account/email`: sends a code to the new address. `PUT` with the code moves the account to it and answers AccountView. */
export const EmailWish = z.object({ email: Email });
export const EmailChange = z.object({ email: Email, code: Code });

/** `PUT /api/v1/account/password`: needs the present one, or a sign-in within the last hour. */
export const PasswordChange = z.object({
  password: Password,
  current: z.string().max(PASSWORD_LENGTH.most).optional(),
});

/** `PATCH /api/v1/account`. Answers AccountView. */
export const AccountChange = z.object({
  language: z.enum(LANGUAGES).optional(),
  /** Whether a mail says that a photo is ready, for every photo. */
  mailWhenReady: z.boolean().optional(),
});

/** `DELETE /api/v1/account`: the word is typed by hand, so that nobody deletes by mistake. */
export const AccountDeletion = z.object({ confirm: z.literal(DELETION_WORD) });

export const PasskeyView = z.object({ id: z.string(), name: z.string(), createdAt: z.string() });
export type PasskeyView = z.infer<typeof PasskeyView>;

/** One place where the account is signed in. Times are ISO 8601 in UTC. */
export const SessionView = z.object({
  id: z.string(),
  /** Whether this very request belongs to it. */
  current: z.boolean(),
  /** The browser as it calls itself (`User-Agent`); empty when it does not. */
  agent: z.string(),
  createdAt: z.string(),
  seenAt: z.string(),
});
export type SessionView = z.infer<typeof SessionView>;

/** `GET /api/v1/account`: everything that the user centre shows beside MeView. */
export const AccountView = z.object({
  /** Null for an account that has none, as after signing in by WeChat. */
  email: z.string().nullable(),
  name: z.string(),
  createdAt: z.string(),
  language: z.enum(LANGUAGES),
  mailWhenReady: z.boolean(),
  hasPassword: z.boolean(),
  hasWechat: z.boolean(),
  hasOidc: z.boolean(),
  passkeys: z.array(PasskeyView),
  sessions: z.array(SessionView),
});
export type AccountView = z.infer<typeof AccountView>;

/**
 * `PUT /api/v1/photos/:id/notice`: whether a mail says that this photo is ready, whatever the account says. Needs an account with an
 * address. Answers PhotoView.
 */
export const PhotoNotice = z.object({ mail: z.boolean() });
