import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { readZip } from '../../packages/server/test/zip.ts';
import { atSite } from './at-site.ts';
import { OLD_PHOTO, signIn, textsOf, WORK_MS } from './visitor.ts';

const OPERATOR = 'operator@example.com';
type Text = ReturnType<typeof textsOf>;

const SETTINGS = { FREE_PER_DAY: '40', CONTACT_EMAIL: OPERATOR };

atSite('the list of photos', { settings: SETTINGS, timeout: 2 * WORK_MS }, (at) => {
  let small: Buffer;
  let large: Buffer;

  beforeAll(async () => {
    small = await sharp(OLD_PHOTO).resize(160).jpeg().toBuffer();
    large = await sharp(OLD_PHOTO).resize(3000).jpeg().toBuffer();
  });

  /** Gives a photo to the server as another tab of the same visitor would, and says its id. */
  async function send(page: Page, name: string, buffer: Buffer, recipe = 'sr'): Promise<string> {
    const multipart = { recipe, file: { name, mimeType: 'image/jpeg', buffer } };
    const response = await page.request.post(`${at.server.url}/api/v1/photos`, { multipart });
    expect(response.status(), await response.text()).toBe(201);
    return (await response.json()).id;
  }
  const row = (page: Page, name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  const ready = (page: Page, text: Text, name: string) =>
    row(page, name)
      .getByRole('link', { name: text.recent.download.replace('{name}', name) })
      .waitFor({ timeout: WORK_MS });
  const filled = (text: string, count: number) => text.replace('{count}', String(count));

  it('follows every photo in every open tab, hands them out together and deletes those that are ticked', async () => {
    const text = textsOf('ja');
    const { page, faults, expectAccessible, leave } = await at.visitor('ja', 390, { colorScheme: 'dark' });
    await page.goto(`${at.server.url}/tasks`);
    await page.getByRole('heading', { name: text.tasks.empty }).waitFor();
    expect(await page.title()).toBe(text.title.tasks);
    await expectAccessible();

    const other = await page.context().newPage();
    await other.goto(`${at.server.url}/tasks`);
    await other.getByRole('heading', { name: text.tasks.empty }).waitFor();
    for (const name of ['one.jpg', 'two.jpg', 'three.jpg']) {
      await send(page, name, small);
      for (const tab of [page, other]) await ready(tab, text, name);
    }
    await page.getByText(text.signIn.guest.text).waitFor();
    expect(await page.getByRole('status').textContent()).toBe(text.news.named.ready.replace('{name}', 'three.jpg'));

    await send(page, 'four.jpg', large, 'sr,repair,colour');
    await row(page, 'four.jpg').getByRole('progressbar').waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: `${text.tasks.active} 1` }).click();
    await row(page, 'one.jpg').waitFor({ state: 'detached' });
    await row(page, 'four.jpg')
      .getByRole('button', { name: text.recent.cancel.replace('{name}', 'four.jpg') })
      .click();
    await page.getByText(text.tasks.nothing).waitFor();
    await page.getByRole('button', { name: text.tasks.showAll }).click();
    for (const tab of [page, other]) await row(tab, 'four.jpg').getByText(text.recent.cancelled).waitFor();
    await expectAccessible();

    const [all] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: text.tasks.zip }).click(),
    ]);
    const files = readZip(await readFile(await all.path()));
    expect([...files.keys()].filter((name) => name.endsWith('.jpg')).sort()).toEqual([
      'one-restored.jpg',
      'three-restored.jpg',
      'two-restored.jpg',
    ]);

    for (const name of ['one.jpg', 'three.jpg'])
      await page.getByRole('checkbox', { name: text.tasks.tick.replace('{name}', name), exact: true }).check();
    const [some] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: filled(text.tasks.zipTicked_other, 2) }).click(),
    ]);
    expect([...readZip(await readFile(await some.path())).keys()].sort()).toEqual([
      'one-restored.jpg',
      'three-restored.jpg',
    ]);
    await page.getByRole('button', { name: filled(text.tasks.remove_other, 2) }).click();
    const question = page.getByRole('alertdialog');
    await question.getByRole('heading', { name: filled(text.remove.several_other, 2) }).waitFor();
    await expectAccessible();
    await question.getByRole('button', { name: text.remove.yes, exact: true }).click();
    for (const tab of [page, other])
      for (const name of ['one.jpg', 'three.jpg']) await row(tab, name).waitFor({ state: 'detached' });
    await row(page, 'two.jpg').waitFor();

    await page.goto(at.server.url);
    await page.getByRole('link', { name: filled(text.recent.all_other, 2) }).click();
    await page.waitForURL('**/tasks');
    expect(faults).toEqual([]);
    await leave();
  });

  it('is searched by name once it is long, and shows queue, step and time left without the stream of events', async () => {
    const text = textsOf('en');
    const { page, faults, expectAccessible, leave } = await at.visitor('en', 1440);
    const email = 'archive@example.com';
    await signIn(page, at.server, text, email);
    await at.server.hili('credits', 'grant', '--email', email, '--credits', '50', '--package', '50', '--batch');

    await page.route('**/api/v1/events', (route) => route.abort());
    await page.goto(`${at.server.url}/tasks`);
    for (let n = 1; n <= 13; n++) await send(page, `album ${n}.jpg`, n < 10 ? small : large, 'sr,repair,colour');
    await row(page, 'album 13.jpg')
      .getByText(/\d in front|Next in line/)
      .waitFor();
    await page.getByLabel(text.tasks.search).fill('ALBUM 1');
    await row(page, 'album 2.jpg').waitFor({ state: 'detached' });
    expect(await page.getByRole('main').getByRole('listitem').count()).toBe(5);
    await row(page, 'album 10.jpg').getByText(text.work.steps.repair).waitFor({ timeout: WORK_MS });
    await row(page, 'album 10.jpg')
      .getByText(/^About .* left$/)
      .waitFor({ timeout: WORK_MS });
    await page.getByLabel(text.tasks.search).fill('');

    await page.getByRole('checkbox', { name: text.tasks.tickAll }).check();
    await page.getByRole('button', { name: filled(text.tasks.remove_other, 13) }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: text.remove.yes, exact: true }).click();
    await page.getByRole('heading', { name: text.tasks.empty }).waitFor({ timeout: WORK_MS });
    // Those that were done before they were deleted are counted; the three large ones under way or in the queue are given back.
    const { photosLeft } = await (await page.request.get(`${at.server.url}/api/v1/me`)).json();
    expect(photosLeft).toBeGreaterThanOrEqual(90 - 10);
    await page.getByText(`${photosLeft} photos left`).waitFor();
    await expectAccessible();
    expect(faults.filter((fault) => !fault.includes('ERR_FAILED'))).toEqual([]);
    await leave();
  });

  it('leads who is not satisfied to other settings, and to the operator', async () => {
    const text = textsOf('es');
    const { page, faults, expectAccessible, leave } = await at.visitor('es', 390);
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
    const id = await send(page, 'aunt.jpg', small);
    await page.goto(`${at.server.url}/photos/${id}`);
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    await page.getByText(text.complaint.title, { exact: true }).click();
    await page.getByRole('link', { name: text.complaint.settings }).click();
    await page.getByText(filled(text.again.free_other, 2)).waitFor();
    await expectAccessible();

    await page.getByRole('radio', { name: text.complaint.faults.faces }).check();
    await page.getByRole('textbox').fill('Tante Marie 不是这样的。');
    expect(await page.getByRole('checkbox', { name: text.complaint.look }).isChecked()).toBe(false);
    await page.getByRole('button', { name: text.complaint.send, exact: true }).click();
    await page.getByText(text.complaint.here).waitFor();
    await expectAccessible();
    const listed = JSON.parse(await at.server.hili('complaints', 'list', '--json')) as {
      id: string;
      photoId: string;
    }[];
    const complaint = listed.find(({ photoId }) => photoId === id);
    expect(complaint).toMatchObject({ fault: 'faces', text: 'Tante Marie 不是这样的。', pictures: [] });

    await at.server.hili('complaints', 'answer', String(complaint?.id), '--text', 'Désolés. 我们会改进。');
    await page.getByText('Désolés. 我们会改进。').waitFor();
    await page.reload();
    await page.getByText('Désolés. 我们会改进。').waitFor();
    await expectAccessible();
    expect(faults).toEqual([]);
    await leave();
  });
});
