import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Mail } from './mail.ts';
import { openMailbox } from './mailbox.ts';
import { openSmtp } from './smtp.ts';

/** The way out that the settings name. */
export function openMail(config: Pick<Config, 'SMTP_URL' | 'MAIL_FROM' | 'HILI_DATA'>, log: Log): Mail {
  const from = config.MAIL_FROM ?? 'Hili PhotoEnhance <no-reply@localhost>';
  return config.SMTP_URL ? openSmtp(config.SMTP_URL, from) : openMailbox(join(config.HILI_DATA, 'mailbox'), from, log);
}
