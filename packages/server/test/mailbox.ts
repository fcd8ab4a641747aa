import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A mail as it was written, with its plain text. */
export interface ReadMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly id: string;
}

function decode(encoding: string, body: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/quoted-printable/i.test(encoding)) return body;
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Words of a header that are not ASCII (RFC 2047). */
const decodeWords = (header: string) =>
  header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, words: string) =>
      kind.toLowerCase() === 'b' ? decode('base64', words) : decode('quoted-printable', words.replaceAll('_', ' ')),
    );

function headerOf(head: string, name: string): string {
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1]?.trim() ?? '';
}

/** Reads a message (RFC 5322) of two parts, as a mail program would. */
export function parseMail(message: string): ReadMail {
  const [head = '', ...rest] = message.split(/\r?\n\r?\n/);
  const boundary = /boundary="([^"]+)"/.exec(headerOf(head, 'content-type'))?.[1] ?? '';
  const parts = rest.join('\n\n').split(`--${boundary}`);
  const part = (type: string) => {
    const found = parts.find((each) => each.includes(`Content-Type: ${type}`)) ?? '';
    const [partHead = '', ...body] = found.trim().split(/\r?\n\r?\n/);
    return decode(headerOf(partHead, 'content-transfer-encoding'), body.join('\n\n'));
  };
  return {
    to: headerOf(head, 'to'),
    subject: decodeWords(headerOf(head, 'subject')),
    text: part('text/plain'),
    html: part('text/html'),
    id: headerOf(head, 'message-id'),
  };
}

/** Every mail in the mailbox folder of an installation, oldest first. */
export function mailsIn(dataFolder: string, to?: string): ReadMail[] {
  const folder = join(dataFolder, 'mailbox');
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const mails = names
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => parseMail(readFileSync(join(folder, name), 'utf8')));
  return to === undefined ? mails : mails.filter((mail) => mail.to === to);
}

/** Waits for the `count`-th mail to an address. */
export async function mailTo(dataFolder: string, to: string, count = 1): Promise<ReadMail> {
  for (let i = 0; i < 200; i++) {
    const found = mailsIn(dataFolder, to)[count - 1];
    if (found) return found;
    await sleep(50);
  }
  throw new Error(`expected mail ${count} to ${to} within 10 s but received ${mailsIn(dataFolder, to).length}`);
}

export const codeIn = (mail: ReadMail): string => /^\d{6}$/m.exec(mail.text)?.[0] ?? '';
export const linkIn = (mail: ReadMail): string => /^https?:\/\/\S+$/m.exec(mail.text)?.[0] ?? '';
