import { LANGUAGES, type Language } from '@hili/contract';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openAuth } from '../src/auth.ts';
import { postExpiryNotices } from '../src/expiry-notices.ts';
import { openLog } from '../src/log.ts';
import { openSmtp } from '../src/mail/smtp.ts';
import { sendDueMails } from '../src/post-office.ts';
import { findOrCreateUser } from '../src/users.ts';
import { createWallet, grant, hold, type LotSource } from '../src/wallets.ts';
import { testServices } from './harness.ts';
import { parseMail } from './mailbox.ts';
import { openSmtpSink } from './smtp-sink.ts';

const DAY_SECONDS = 86_400;

const services = await testServices();
const { db, pool, clock, keys, config } = services;
const sink = await openSmtpSink(() => '250 ok');
const mail = openSmtp(sink.url, 'Hili <photos@example.com>');
const publicUrl = 'https://photo.example';
const auth = openAuth({ pool, keys, config, publicUrl, log: services.log });
const deps = { ...services, log: openLog('fatal', 'test'), auth, mail, publicUrl };

afterAll(async () => {
  await mail.close();
  await sink.close();
});
beforeEach(() => {
  sink.mails.length = 0;
});

let count = 0;
async function member(language: Language = 'fr') {
  count += 1;
  const email = `reader-${count}@example.com`;
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', $1, true) returning id`,
    [email],
  );
  const { walletId } = await findOrCreateUser(db, rows[0].id, language, clock());
  return { walletId, email };
}
function give(walletId: string, credits: number, days: number, source: LotSource = 'purchase') {
  count += 1;
  const expiresAt = new Date(clock().getTime() + days * DAY_SECONDS * 1000);
  return grant(db, { walletId, credits, source, expiresAt, key: `give ${count}`, actor: 'test' }, clock());
}
const lettersTo = (email: string) =>
  sink.mails.map(({ message }) => parseMail(message)).filter(({ to }) => to === email);

/** Lets days pass, looking four times in each, and says after how many days mails came to an address. */
async function live(days: number, email: string): Promise<number[]> {
  const came: number[] = [];
  for (let day = 0.25; day <= days; day += 0.25) {
    clock.advance(DAY_SECONDS / 4);
    await postExpiryNotices(deps);
    await sendDueMails(deps);
    while (came.length < lettersTo(email).length) came.push(day);
  }
  return came;
}

it('tells the owner 30 days, 7 days and 1 day before bought credits lapse, once each', async () => {
  const { walletId, email } = await member();
  await give(walletId, 10, 40);
  expect(await live(45, email)).toEqual([10, 33, 39]);
  for (const { text } of lettersTo(email)) {
    expect(text).toContain(': 10.');
    expect(text).toContain(publicUrl);
  }
});

it('posts one mail where two processes look at once', async () => {
  const { walletId } = await member();
  await give(walletId, 3, 31);
  clock.advance(DAY_SECONDS);
  const posted = await Promise.all([postExpiryNotices(deps), postExpiryNotices(deps), postExpiryNotices(deps)]);
  expect(posted.reduce((sum, each) => sum + each, 0)).toBe(1);
  await sendDueMails(deps);
});

it('never speaks of free credits, of used ones, of guests’, and of those that lapse far away', async () => {
  const { walletId, email } = await member();
  await give(walletId, 1, 8);
  await hold(db, walletId, '00000000-0000-4000-8000-000000000001', 1, clock());
  await give(walletId, 3, 1, 'free');
  await give(walletId, 3, 200);
  await give(await createWallet(db, 'guest', clock()), 3, 8);
  expect(await live(9, email)).toEqual([]);
});

it('does not warn of an end that was as near when the credits came', async () => {
  const { walletId, email } = await member();
  await give(walletId, 3, 20, 'invite');
  expect(await live(21, email)).toEqual([13, 19]);
});

it('sends nothing when the credits were used while the mail waited', async () => {
  const { walletId, email } = await member();
  await give(walletId, 1, 31);
  clock.advance(DAY_SECONDS);
  expect(await postExpiryNotices(deps)).toBe(1);
  await hold(db, walletId, '00000000-0000-4000-8000-000000000002', 1, clock());
  await sendDueMails(deps);
  expect(lettersTo(email)).toEqual([]);
});

it('writes it in the language of each owner', async () => {
  for (const language of LANGUAGES) await give((await member(language)).walletId, 5, 31);
  clock.advance(DAY_SECONDS);
  await postExpiryNotices(deps);
  await sendDueMails(deps);
  expect(new Set(sink.mails.map(({ message }) => parseMail(message).subject)).size).toBe(LANGUAGES.length);
});
