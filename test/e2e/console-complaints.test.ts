import { PhotoView } from '@hili/contract';
import { expect, it } from 'vitest';
import { type Browser, openBrowser } from '../../packages/server/test/browser.ts';
import { mailTo } from '../../packages/server/test/mailbox.ts';
import { makePng } from '../../packages/server/test/pictures.ts';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { newShopper } from './shopper.ts';
import { WORK_MS } from './visitor.ts';

atConsole('complaints', { WORKER: 'on', INFERENCE_PROCESSES: '1' }, (at) => {
  const complainer = async (email: string, text: string, mayLook: boolean) => ({
    email,
    ...(await complain(await newShopper(at.server, email), text, mayLook)),
  });

  /** Makes somebody one with a result that they are not satisfied with. */
  async function complain(person: Browser, text: string, mayLook: boolean) {
    const file = new Blob([new Uint8Array(makePng(96, 64, 0x33))]);
    const { id } = PhotoView.parse(await (await person.upload({ recipe: 'sr', scale: '2', file })).json());
    const photo = async () => PhotoView.parse(await (await person.api('GET', `/photos/${id}`)).json());
    await expect.poll(async () => (await photo()).job.state, { timeout: WORK_MS, interval: 500 }).toBe('done');
    const said = { fault: 'faces', text, mayLook };
    expect((await person.api('POST', `/photos/${id}/complaint`, said)).status).toBe(204);
    return { photo };
  }

  it('are read without the picture, unless its owner lets the operator look, which the audit keeps', async () => {
    const { desk, server } = at;
    const { page, words, main, dialog } = desk;
    const shy = await complainer('shy@example.com', 'Her eyes are another colour.', false);
    const open = await complainer('open@example.com', 'His nose is bent.', true);
    await desk.open('');
    await main.getByRole('link', { name: filled(words.tasks.complaints_other, { count: 2 }) }).click();
    await desk.row(shy.email).getByText('Her eyes are another colour.').waitFor();
    expect(await main.locator('img, picture').count()).toBe(0);
    await desk.expectAccessible();
    const look = { name: words.complaint.look, exact: true };
    expect(await desk.row(shy.email).getByRole('button', look).count()).toBe(0);
    // Not by the API either.
    const { rows } = await (await page.request.get(`${server.url}/api/v1/admin/complaints?q=${shy.email}`)).json();
    const asked = await page.request.post(`${server.url}/api/v1/admin/complaints/${rows[0].id}/look`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(asked.status()).toBe(404);

    await desk.ask(look.name, {}, desk.row(open.email));
    await desk.confirm(look.name);
    for (const name of [words.complaint.before, words.complaint.after]) {
      const picture = dialog.getByRole('figure').filter({ hasText: name }).locator('img');
      await expect
        .poll(() => picture.evaluate((image) => Number(Reflect.get(image, 'naturalWidth'))), { timeout: 30_000 })
        .toBeGreaterThan(0);
    }
    await desk.expectAccessible();
    await desk.confirm(words.act.close);
    await desk.expectAudited(['complaint.look', 'complaint']);
  });

  it('are answered: the answer goes by mail and beside the photo, and the complaint is closed', async () => {
    const { desk, server } = at;
    const { words, main, dialog } = desk;
    const person = await complainer('answer@example.com', 'It is still blurred.', false);
    await desk.open('complaints?state=open');
    const row = desk.row(person.email);
    const answer = 'We have a new network.\nPlease try again: it costs nothing.';
    await desk.ask(words.complaint.answer, { [words.complaint.words]: answer }, row);
    await dialog.getByText(person.email).waitFor();
    await desk.expectAccessible();
    await desk.confirm(words.complaint.answer);
    await dialog.waitFor({ state: 'detached' });
    await row.waitFor({ state: 'detached' });
    expect((await person.photo()).complaint).toMatchObject({ state: 'answered', answer });
    expect((await mailTo(server.folder, person.email, 2)).text).toContain('We have a new network.');
    await desk.open('complaints?state=answered');
    await row.getByText('We have a new network.').waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    await desk.expectAudited(['complaint.answer', 'complaint']);
    expect(await main.getByText('We have a new network.').count()).toBe(0);
    expectNoFaults(desk);
  });

  it('of a guest are answered beside the photo only, and the operator is told so', async () => {
    const { desk, server } = at;
    const { words, dialog } = desk;
    const guest = await complain(openBrowser(server, { 'accept-language': 'fr' }), 'Le ciel est vert.', false);
    await desk.open('complaints?state=open');
    const row = desk.row('Le ciel est vert.');
    await desk.ask(words.complaint.answer, { [words.complaint.words]: 'Merci.' }, row);
    await dialog.getByText(filled(words.complaint.answerGuestText, { language: 'Français' })).waitFor();
    await desk.confirm(words.complaint.answer);
    const complaint = async () => (await guest.photo()).complaint;
    await expect.poll(complaint, { timeout: 10_000 }).toMatchObject({ state: 'answered', answer: 'Merci.' });
    await row.waitFor({ state: 'detached' });
    expectNoFaults(desk);
  });
});
