import pino from 'pino';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openAuth } from '../src/auth.ts';
import { removePhoto, submit } from '../src/jobs.ts';
import { claim, fail, finish } from '../src/leases.ts';
import { openLog } from '../src/log.ts';
import { openSmtp } from '../src/mail/smtp.ts';
import { forgetMails, post, takeMail } from '../src/outbox.ts';
import type { Person } from '../src/owners.ts';
import { setMailWhenReady } from '../src/photos.ts';
import { openPostOffice, sendDueMails } from '../src/post-office.ts';
import { changeUser, findOrCreateUser } from '../src/users.ts';
import { grant } from '../src/wallets.ts';
import { storedUpload, testServices } from './harness.ts';
import { codeIn, parseMail } from './mailbox.ts';
import { openSmtpSink } from './smtp-sink.ts';

const services = await testServices();
const { db, pool, clock, keys, config, events } = services;
let answer = () => '250 ok';
let reply: (command: string) => string | undefined = () => undefined;
const sink = await openSmtpSink(
  () => answer(),
  (command) => reply(command),
);
const mail = openSmtp(sink.url, 'Hili <photos@example.com>');
const publicUrl = 'https://photo.example';
const auth = openAuth({ pool, keys, config, publicUrl, log: services.log });
// What does not go out is expected here.
const deps = { ...services, log: openLog('fatal', 'test'), auth, mail, publicUrl };

afterAll(async () => {
  await mail.close();
  await sink.close();
});
beforeEach(async () => {
  answer = () => '250 ok';
  reply = () => undefined;
  await sendDueMails(deps);
  sink.mails.length = 0;
});

const sent = () => sink.mails.map(({ message }) => parseMail(message));
const code = (recipient: string) => post(db, { kind: 'code', recipient, language: 'en' }, clock());
const mailRow = async (key: string) =>
  db.selectFrom('mail').selectAll().where('key', '=', key).executeTakeFirstOrThrow();

async function member(email: string, verified = true): Promise<Person> {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', $1, $2) returning id`,
    [email, verified],
  );
  const { id, walletId } = await findOrCreateUser(db, rows[0].id, 'fr', clock());
  await grant(
    db,
    { walletId, credits: 20, source: 'goodwill', batch: true, expiresAt: null, key: `give ${walletId}`, actor: 'test' },
    clock(),
  );
  return { kind: 'user', id, walletId, address: Buffer.from('x') };
}
const photoOf = async (owner: Person) =>
  submit(services, { owner, file: await storedUpload(services, Buffer.from('p')), recipe: 'sr', options: {} });
async function succeed(jobId: string, asks = 1): Promise<void> {
  const run = await claim(services, jobId);
  for (let ask = 0; ask < asks; ask++) {
    const { key } = await storedUpload(services, Buffer.from('r'));
    await finish(
      services,
      run!,
      { key, format: 'jpeg', width: 2, height: 2, bytes: 1 },
      { changed: true, ms: 1, steps: [] },
    );
  }
}

it('sends each mail once, however many processes send at once', async () => {
  for (let n = 0; n < 20; n++) await code(`many${n}@example.com`);
  const counts = await Promise.all(Array.from({ length: 5 }, () => sendDueMails(deps)));
  expect(counts.reduce((sum, count) => sum + count)).toBe(20);
  expect(new Set(sink.mails.map(({ to }) => to)).size).toBe(20);
  expect(sink.mails).toHaveLength(20);
});

it('takes the same key for the same mail', async () => {
  const wish = { kind: 'code', recipient: 'key@example.com', language: 'en', key: 'one' } as const;
  expect(await Promise.all([post(db, wish, clock()), post(db, wish, clock()), post(db, wish, clock())])).toContain(
    true,
  );
  await sendDueMails(deps);
  expect(await post(db, wish, clock())).toBe(false);
  expect(sent()).toHaveLength(1);
});

it('forgets the address of a mail when it has gone, and the mail itself after a month', async () => {
  await post(db, { kind: 'code', recipient: 'gone@example.com', language: 'en', key: 'gone' }, clock());
  await sendDueMails(deps);
  expect(await mailRow('gone')).toMatchObject({ outcome: 'sent', recipient: null, attempts: 1, endedAt: clock() });
  clock.advance(31 * 86_400);
  expect(await forgetMails(db, clock())).toBeGreaterThan(0);
  expect(await db.selectFrom('mail').select('id').where('key', '=', 'gone').execute()).toEqual([]);
});

it('tries a mail again, later each time, while the server cannot take it, with the same Message-ID', async () => {
  answer = () => '451 later';
  await post(db, { kind: 'password-changed', recipient: 'later@example.com', language: 'en', key: 'later' }, clock());
  const waits: number[] = [];
  for (let tries = 0; tries < 4; tries++) {
    expect(await sendDueMails(deps)).toBe(0);
    const { dueAt } = await mailRow('later');
    waits.push((dueAt.getTime() - clock().getTime()) / 1000);
    expect(await sendDueMails(deps)).toBe(0);
    clock.set(dueAt.toISOString());
  }
  expect(waits).toEqual([5, 10, 20, 40]);
  answer = () => '250 ok';
  expect(await sendDueMails(deps)).toBe(1);
  expect(sent()[0]?.id).toBe(`<${(await mailRow('later')).id}@example.com>`);
});

it('sends a mail again whose process was killed while it sent it', async () => {
  await code('killed@example.com');
  const row = await takeMail(db, clock(), new Date(clock().getTime() + 120_000));
  expect(await sendDueMails(deps)).toBe(0);
  clock.advance(120);
  expect(await sendDueMails(deps)).toBe(1);
  expect(sent()[0]?.id).toContain(String(row?.id));
});

it('sends a mail again when the connection broke before the server’s answer, and recognisably so', async () => {
  answer = () => '';
  await code('broken@example.com');
  await sendDueMails(deps);
  answer = () => '250 ok';
  clock.advance(10);
  await sendDueMails(deps);
  expect(sent()).toHaveLength(1);
});

it('gives up a mail that the server refuses for good, and one that comes too late', async () => {
  answer = () => '550 no such mailbox';
  await post(db, { kind: 'code', recipient: 'nobody@example.com', language: 'en', key: 'nobody' }, clock());
  await sendDueMails(deps);
  expect(await mailRow('nobody')).toMatchObject({ outcome: 'dropped', recipient: null });
  answer = () => '250 ok';
  await post(db, { kind: 'code', recipient: 'late@example.com', language: 'en', key: 'late' }, clock());
  clock.advance(600);
  await sendDueMails(deps);
  expect(await mailRow('late')).toMatchObject({ outcome: 'dropped', recipient: null });
  expect(sent()).toEqual([]);
});

it('keeps a mail while the server refuses us, says so as an error, and sends it within the hour after it is mended', async () => {
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  reply = (command) =>
    /^MAIL FROM/i.test(command) ? '550 5.7.60 not allowed to send as <refused@example.com>' : undefined;
  const recipient = 'refused@example.com';
  await post(db, { kind: 'password-changed', recipient, language: 'en', key: 'refused' }, clock());
  for (let tries = 0; tries < 12; tries++) {
    await sendDueMails({ ...deps, log });
    const { dueAt, outcome } = await mailRow('refused');
    expect(outcome).toBeNull();
    expect(dueAt.getTime() - clock().getTime()).toBeLessThanOrEqual(3_600_000);
    clock.set(dueAt.toISOString());
  }
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({
    level: 50,
    kind: 'password-changed',
    smtp: { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550, enhancedCode: '5.7.60' },
  });
  expect(logged.join('')).not.toContain('@');
  reply = () => undefined;
  expect(await sendDueMails({ ...deps, log })).toBe(1);
});

it('makes a new code with each mail, and the last one works', async () => {
  await code('twice@example.com');
  await code('twice@example.com');
  await sendDueMails(deps);
  const codes = sent().map(codeIn);
  expect(codes).toHaveLength(2);
  const { user } = await auth.api.signInEmailOTP({ body: { email: 'twice@example.com', otp: String(codes[1]) } });
  expect(user.email).toBe('twice@example.com');
});

it('tells a user who wants it that a photo is ready, in their language, and until when it stays', async () => {
  const user = await member('ready@example.com');
  await changeUser(db, user.id, { mailWhenReady: true });
  const photo = await photoOf(user);
  await succeed(photo.job.id, 3);
  expect(await sendDueMails(deps)).toBe(1);
  const [letter] = sent();
  expect(letter).toMatchObject({ to: 'ready@example.com', subject: 'Votre photo est prête' });
  expect(letter?.text).toContain('grandmother.jpg');
  expect(letter?.text).toContain(`${publicUrl}/photos/${photo.id}`);
  const until = new Date(clock().getTime() + 3_600_000);
  const time = new Intl.DateTimeFormat('fr', { timeZone: 'Asia/Shanghai', hour: 'numeric', minute: '2-digit' }).format(
    until,
  );
  expect(letter?.text).toContain(time);
  expect(letter?.text).toContain('UTC+8');
});

it('lets a photo say otherwise than the account', async () => {
  const user = await member('choice@example.com');
  const [silent, told] = [await photoOf(user), await photoOf(user)];
  await setMailWhenReady(db, told.id, true);
  for (const { job } of [silent, told]) await succeed(job.id);
  await changeUser(db, user.id, { mailWhenReady: true });
  const hushed = await photoOf(user);
  await setMailWhenReady(db, hushed.id, false);
  await succeed(hushed.job.id);
  await sendDueMails(deps);
  expect(sent().map(({ text }) => /photos\/([0-9a-f]{32})/.exec(text)?.[1])).toEqual([told.id]);
});

it('sends nothing for a photo that failed, one that is gone, or an address that was never proven', async () => {
  const user = await member('nothing@example.com');
  await changeUser(db, user.id, { mailWhenReady: true });
  const failed = await photoOf(user);
  await fail(services, (await claim(services, failed.job.id))!, 'PHOTO_DAMAGED', false);
  const gone = await photoOf(user);
  await succeed(gone.job.id);
  await removePhoto(services, gone.id);
  const unproven = await member('unproven@example.com', false);
  await changeUser(db, unproven.id, { mailWhenReady: true });
  await succeed((await photoOf(unproven)).job.id);
  expect(await sendDueMails(deps)).toBe(0);
  expect(sent()).toEqual([]);
});

it('sends as soon as a mail is posted, and ends in order', async () => {
  const other = openSmtp(sink.url, 'Hili <photos@example.com>');
  const close = openPostOffice({ ...deps, mail: other }, events);
  const began = performance.now();
  await code('soon@example.com');
  await expect.poll(() => sink.mails.length, { timeout: 5000, interval: 10 }).toBe(1);
  expect(performance.now() - began).toBeLessThan(3000);
  await close();
});
