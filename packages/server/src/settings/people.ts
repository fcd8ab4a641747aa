import { z } from 'zod';

/** How mails leave, and the ways to sign in. */
export const ACCOUNT_SETTINGS = {
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
} as const;

/** Who runs the site, as visitors read it. */
export const CONTACT_SETTINGS = {
  OPERATOR_NAME: z.string().max(100).optional().describe('Who runs this site, as its contact page says.'),
  CONTACT_EMAIL: z.email().optional().describe('Address on the contact page, where visitors write to you.'),
  CONTACT_WECHAT: z.string().max(60).optional().describe('WeChat ID on the contact page.'),
  CONTACT_QR: z
    .string()
    .regex(/\.(png|jpe?g|webp)$/i, 'expected a file that ends in .png, .jpg or .webp')
    .optional()
    .describe('File of your WeChat QR code, a PNG, JPEG or WebP, shown on the contact page.'),
  CONTACT_ADDRESS: z.string().max(300).optional().describe('Postal address on the contact page.'),
} as const;
