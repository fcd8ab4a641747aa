import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LANGUAGES } from '@hili/contract';
import pino from 'pino';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { LETTERS, type LetterName } from '../src/mail/letters.ts';
import { isRefusal, type Letter, type Mail } from '../src/mail/mail.ts';
import { openMail } from '../src/mail/open.ts';
import { writeLetter } from '../src/mail/write-letter.ts';
import { mailsIn, parseMail, type ReadMail } from './mailbox.ts';
import { openSmtpSink } from './smtp-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili mail '));
const sink = await openSmtpSink();
const logged: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
const open = (settings: Record<string, string>) => openMail(loadConfig({ HILI_DATA: folder, ...settings }), log);
const from = 'Hili 照片 <photos@example.com>';

afterAll(async () => {
  await sink.close();
  rmSync(folder, { recursive: true });
});

const letter: Letter = {
  to: 'grandchild@example.org',
  id: '0e0e0e0e',
  ...writeLetter('photo-ready', 'zh', {
    name: '奶奶 & <b>.png',
    until: '2026年3月1日 13:00 GMT+8',
    link: 'https://photo.example/photos/1?a=1&b=2',
  }),
};

/** Each way out, and how to read what came out of it. */
const WAYS: Record<string, { mail: Mail; read: () => ReadMail[] }> = {
  'a mail server': {
    mail: open({ SMTP_URL: sink.url, MAIL_FROM: from }),
    read: () => sink.mails.map(({ message }) => parseMail(message)),
  },
  'the mailbox folder': { mail: open({ MAIL_FROM: from }), read: () => mailsIn(folder) },
};

for (const [name, { mail, read }] of Object.entries(WAYS))
  it(`brings a letter whole, by ${name}`, async () => {
    await mail.send(letter);
    const [got, ...more] = read();
    expect(more).toEqual([]);
    expect(got).toMatchObject({ to: letter.to, subject: letter.subject, id: '<0e0e0e0e@example.com>' });
    expect(got?.text.trim()).toBe(letter.text.trim());
    expect(got?.html.trim()).toBe(letter.html.trim());
    await mail.close();
  });

it('lets only its owner read the mailbox folder, says in the log where a mail lies, and not what is in it', async () => {
  const [name = ''] = readdirSync(join(folder, 'mailbox'));
  expect(statSync(join(folder, 'mailbox')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'mailbox', name)).mode & 0o777).toBe(0o600);
  const lines = logged.join('');
  expect(lines).toContain(name);
  for (const secret of [letter.to, 'photos/1']) expect(lines).not.toContain(secret);
});

it('deletes mails from the folder after a week', async () => {
  const [name = ''] = readdirSync(join(folder, 'mailbox'));
  const old = new Date(Date.now() - 8 * 86_400_000);
  utimesSync(join(folder, 'mailbox', name), old, old);
  await open({}).send({ ...letter, id: 'next' });
  expect(readdirSync(join(folder, 'mailbox'))).toEqual([expect.stringContaining('next')]);
});

it('knows a refusal for good from one for now, and from a server that is not there', async () => {
  for (const [answer, refused] of [
    ['550 no such mailbox', true],
    ['451 later', false],
    ['', false],
  ] as const) {
    const grumpy = await openSmtpSink(() => answer);
    const mail = open({ SMTP_URL: grumpy.url, MAIL_FROM: from });
    const error = await mail.send(letter).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isRefusal(error), answer).toBe(refused);
    await mail.close();
    await grumpy.close();
  }
  const nobody = open({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: from });
  expect(isRefusal(await nobody.send(letter).catch((error) => error))).toBe(false);
  await nobody.close();
});

it('has each letter in five languages, with the same places, and no secret in a subject', () => {
  const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, place]) => place).sort();
  for (const name of Object.keys(LETTERS.en) as LetterName[]) {
    const expected = places(LETTERS.en[name].body.join());
    for (const language of LANGUAGES) {
      const { subject, body } = LETTERS[language][name];
      expect(places(body.join()), `${name} ${language}`).toEqual(expected);
      expect(places(subject)).toEqual([]);
      expect(
        body.every((line) => line.trim() === line && line.length > 3),
        `${name} ${language}`,
      ).toBe(true);
    }
    const texts = LANGUAGES.map((language) => LETTERS[language][name].body.join());
    expect(new Set(texts).size, name).toBe(LANGUAGES.length);
  }
});

it('addresses Chinese readers as 您 in every letter', () => {
  for (const [name, { body }] of Object.entries(LETTERS.zh)) {
    const text = body.join('');
    expect(text, name).toContain('您');
    expect(text, name).not.toMatch(/你/);
  }
});

it('writes a stranger’s words as words, never as HTML', () => {
  const { html, text } = writeLetter('photo-ready', 'en', {
    name: '<img src=x onerror=alert(1)>"\'&',
    until: 'noon',
    link: 'https://photo.example/"><script>',
  });
  expect(html).not.toMatch(/<img|<script|"><s/);
  expect(html).toContain('&#60;img');
  expect(text).toContain('<img src=x');
});
