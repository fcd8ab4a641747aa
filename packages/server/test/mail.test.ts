import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { LANGUAGES } from '@hili/contract';
import pino from 'pino';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { LETTERS, type LetterName } from '../src/mail/letters.ts';
import { type Letter, type Mail, MailError } from '../src/mail/mail.ts';
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

/** Where in the talk a mail server answers what (DATA: once it has the whole mail), and whose fault that is: this mail's, ours, or that of the hour. */
const ANSWERS: readonly (readonly [command: string, answer: string, fault: string])[] = [
  ['RCPT TO', '550 5.1.1 no such user', 'mail'],
  ['RCPT TO', '550 no such mailbox', 'mail'],
  ['RCPT TO', '553 5.1.3 bad address syntax', 'mail'],
  ['RCPT TO', '556 5.1.10 this domain takes no mail', 'mail'],
  ['RCPT TO', '552 5.2.2 mailbox full', 'mail'],
  ['RCPT TO', '550 5.0.0 user unknown', 'mail'],
  ['DATA', '550 no such mailbox', 'mail'],
  ['DATA', '554 5.6.0 malformed message', 'mail'],
  ['DATA', '552 5.3.4 message too big', 'mail'],
  ['AUTH PLAIN', '535 5.7.8 bad user name or password', 'sender'],
  ['AUTH PLAIN', '535 login fail', 'sender'],
  ['MAIL FROM', '550 5.1.8 sender address refused', 'sender'],
  ['MAIL FROM', '530 5.7.0 sign in first', 'sender'],
  ['MAIL FROM', '550 daily limit reached', 'sender'],
  ['RCPT TO', '550 5.7.1 relaying denied', 'sender'],
  ['RCPT TO', '554 relay access denied', 'sender'],
  ['RCPT TO', '550 5.4.5 daily sending limit exceeded', 'sender'],
  ['RCPT TO', '550 5.1.90 daily limit for recipients reached', 'sender'],
  ['RCPT TO', '550 5.1.0 sender rejected', 'sender'],
  ['RCPT TO', '503 5.5.1 sign in first', 'sender'],
  ['RCPT TO', '550 too many mails today', 'sender'],
  ['DATA', '550 5.4.5 daily sending limit exceeded', 'sender'],
  ['DATA', '550 5.7.1 this network is blocked', 'sender'],
  ['AUTH PLAIN', '454 4.7.0 try again', 'now'],
  ['MAIL FROM', '451 4.3.0 later', 'now'],
  ['RCPT TO', '450 4.2.0 greylisted', 'now'],
  ['DATA', '451 later', 'now'],
  ['DATA', '', 'now'],
];

for (const [command, answer, fault] of ANSWERS)
  it(`takes "${answer}" at ${command} for the fault of ${fault}, and repeats no address of it`, async () => {
    const told = answer && `${answer} <${letter.to}> (https://mail.example/${letter.to})`;
    const grumpy = await openSmtpSink(
      () => (command === 'DATA' ? told : '250 ok'),
      (line) => (command !== 'DATA' && line.toUpperCase().startsWith(command) ? told : undefined),
    );
    const mail = open({ SMTP_URL: grumpy.url.replace('//', '//hili:wrong@'), MAIL_FROM: from });
    const error = await mail.send(letter).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(MailError);
    expect(error).toMatchObject({
      fault,
      ...(answer && { answer: { command, responseCode: Number(answer.slice(0, 3)) } }),
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(letter.to);
    await mail.close();
    await grumpy.close();
  });

it('takes a mail server that is not there for a fault of the hour', async () => {
  const nobody = open({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: from });
  const error = await nobody.send(letter).catch((thrown) => thrown);
  expect(error).toMatchObject({ fault: 'now', answer: { code: 'ECONNREFUSED' } });
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
