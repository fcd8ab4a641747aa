import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Log } from '../log.ts';
import type { Mail } from './mail.ts';
import { domainOf } from './smtp.ts';

/** Milliseconds after which a mail in the folder is deleted: addresses are in it. */
const KEPT_MS = 7 * 86_400_000;

/**
 * Writes mails as files (`.eml`, as mail programs open them) into a folder, and says so in the log: for an installation without a mail
 * server. What is in a mail is not logged, since it may let somebody in.
 */
export function openMailbox(folder: string, from: string, log: Log): Mail {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' }, { from });
  return {
    async send({ id, ...letter }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await sweep(folder);
      const { message } = await transport.sendMail({ ...letter, messageId: `<${id}@${domainOf(from)}>` });
      const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${id}.eml`);
      await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 });
      await rename(`${file}.part`, file);
      log.warn({ file, subject: letter.subject }, 'no mail server is set (SMTP_URL): a mail lies in a file');
    },
    async close() {},
  };
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && Date.now() - found.mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}
