import { COMPLAINT_LENGTH, PhotoView, Problem } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerComplaint } from '../src/complaints.ts';
import { listForOperator } from '../src/operator-complaints.ts';
import { sweep } from '../src/retention.ts';
import { codeOf } from './answers.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { mailsIn, mailTo } from './mailbox.ts';
import { makePng } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';
import { readZip } from './zip.ts';

const OPERATOR = 'operator@example.com';
let app: TestApp;

beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000', CONTACT_EMAIL: OPERATOR });
  await app.startWorker();
});
afterAll(() => app.close());

const photoOf = async (browser: Browser, id: string) =>
  PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
async function donePhoto(browser: Browser): Promise<string> {
  const file = new Blob([new Uint8Array(makePng(96, 64, 0x33))]);
  const { id } = PhotoView.parse(await (await browser.upload({ recipe: 'sr', scale: '4', file })).json());
  await expect.poll(async () => (await photoOf(browser, id)).job.state, { timeout: 40_000 }).toBe('done');
  return id;
}
const complain = (browser: Browser, id: string, fields: object) =>
  browser.api('POST', `/photos/${id}/complaint`, fields);
const listed = async (photoId: string) =>
  (await listForOperator(app, true, app.clock())).find((row) => row.photoId === photoId);

it('brings what somebody is not satisfied with to the operator, by mail and by list, without the picture', async () => {
  const guest = openBrowser(app, { 'accept-language': 'fr' });
  const id = await donePhoto(guest);
  const before = mailsIn(app.folder, OPERATOR).length;
  expect((await complain(guest, id, { fault: 'faces', text: '  Ses yeux & sa bouche. ' })).status).toBe(204);
  expect((await photoOf(guest, id)).complaint).toEqual({
    fault: 'faces',
    text: 'Ses yeux & sa bouche.',
    mayLook: false,
    state: 'open',
    answer: null,
  });
  const mail = await mailTo(app.folder, OPERATOR, before + 1);
  expect(mail.text).toContain('un visage n’est pas ressemblant');
  expect(mail.text).toContain('Ses yeux & sa bouche.');
  expect(mail.text).toContain('{"recipe":"sr","scale":4}');
  expect(mail.text).toContain('Vous ne pouvez pas voir les images.');
  expect(mail.text + mail.html).not.toContain('/files/');
  expect(await listed(id)).toMatchObject({ state: 'open', email: null, recipe: 'sr', pictures: [] });
});

it('shows the operator the pictures only where their owner allows it, and never longer than they are kept', async () => {
  const guest = openBrowser(app);
  const id = await donePhoto(guest);
  const { expiresAt } = await photoOf(guest, id);
  expect((await complain(guest, id, { fault: 'blurred', mayLook: true })).status).toBe(204);
  expect((await photoOf(guest, id)).expiresAt).toBe(expiresAt);
  const pictures = (await listed(id))?.pictures ?? [];
  expect(pictures).toHaveLength(2);
  for (const link of pictures) expect((await fetch(link)).headers.get('content-type')).toMatch(/^image\//);
  await guest.api('DELETE', `/photos/${id}`);
  expect(await listed(id)).toMatchObject({ text: '', pictures: [] });
  for (const link of pictures) expect((await fetch(link)).status).toBe(410);
});

it('keeps one complaint for a photo: new words replace those that are not answered, and no others', async () => {
  const guest = openBrowser(app);
  const id = await donePhoto(guest);
  await complain(guest, id, { fault: 'colours', text: 'The sky is green.' });
  expect((await complain(guest, id, { fault: 'other', text: 'It is upside down.', mayLook: true })).status).toBe(204);
  const open = await listed(id);
  expect(open).toMatchObject({ fault: 'other', text: 'It is upside down.' });
  expect((await listForOperator(app, false, app.clock())).filter(({ photoId }) => photoId === id)).toHaveLength(1);

  const answers = await Promise.allSettled(
    ['We turned it.', 'We turned it twice.'].map((text) =>
      answerComplaint(app.db, String(open?.id), text, app.clock()),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { complaint } = await photoOf(guest, id);
  expect(complaint).toMatchObject({ state: 'answered', answer: expect.stringMatching(/^We turned it/) });
  expect((await listForOperator(app, false, app.clock())).filter(({ photoId }) => photoId === id)).toEqual([]);
  const late = await complain(guest, id, { fault: 'faces' });
  expect([late.status, await codeOf(late)]).toEqual([400, 'BAD_REQUEST']);
  expect((await photoOf(guest, id)).complaint).toEqual(complaint);
});

it('answers who has an account by mail, in their language', async () => {
  const user = openBrowser(app, { 'accept-language': 'zh-CN' });
  const email = newEmail();
  await user.enter(email);
  const id = await donePhoto(user);
  const before = mailsIn(app.folder, email).length;
  await complain(user, id, { fault: 'damage', text: '还有划痕。' });
  expect(await listed(id)).toMatchObject({ email });
  await answerComplaint(app.db, String((await listed(id))?.id), '请再试一次。', app.clock());
  const mail = await mailTo(app.folder, email, before + 1);
  expect(mail.subject).toBe('关于您的照片的回复');
  expect(mail.text).toContain('请再试一次。');
});

it('refuses what is no complaint, and whoever is not the owner', async () => {
  const guest = openBrowser(app);
  const id = await donePhoto(guest);
  for (const [field, fields] of [
    ['fault', {}],
    ['fault', { fault: 'ugly' }],
    ['text', { fault: 'other', text: '  ' }],
    ['text', { fault: 'faces', text: 'x'.repeat(COMPLAINT_LENGTH + 1) }],
    ['mayLook', { fault: 'faces', mayLook: 'yes' }],
  ] as const) {
    const refused = await complain(guest, id, fields);
    expect(Problem.parse(await refused.json())).toMatchObject({ code: 'BAD_REQUEST', field });
  }
  const other = openBrowser(app);
  await other.me();
  expect(await codeOf(await complain(other, id, { fault: 'faces' }))).toBe('PHOTO_NOT_FOUND');
  expect((await photoOf(guest, id)).complaint).toBeNull();
  const spend = async () => (await complain(guest, id, { fault: 'faces' })).status;
  for (let i = 0; i < 10; i++) expect(await spend()).toBe(204);
  expect(await spend()).toBe(429);
});

it('hands complaints out with the account’s data, and deletes them with the account', async () => {
  const browser = openBrowser(app);
  const id = await donePhoto(browser);
  await complain(browser, id, { fault: 'faces', text: 'That is not my aunt.' });
  // Whoever wrote as a guest and then signs in takes it along.
  await browser.enter(newEmail());
  const zip = readZip(Buffer.from(await (await browser.api('GET', '/account/export')).arrayBuffer()));
  expect(JSON.parse(String(zip.get('complaints.json')))).toMatchObject([
    { photoId: id, text: 'That is not my aunt.', state: 'open' },
  ]);
  expect((await browser.api('DELETE', '/account', { confirm: 'DELETE' })).status).toBe(204);
  expect(await listed(id)).toBeUndefined();
});

it('forgets complaints after half a year', async () => {
  const guest = openBrowser(app);
  const id = await donePhoto(guest);
  await complain(guest, id, { fault: 'blurred' });
  app.later(179 * 86_400);
  await sweep(app);
  expect(await listed(id)).toMatchObject({ fault: 'blurred', pictures: [] });
  app.later(2 * 86_400);
  expect((await sweep(app)).complaints).toBeGreaterThan(0);
  expect(await listed(id)).toBeUndefined();
});
