import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { OLD_PHOTO, slowLine, textsOf, untilHalf, WORK_MS } from './visitor.ts';

const MB = 1024 * 1024;
const NAME = 'grandmother with a film.jpg';

atSite('a large photo on its way', { settings: { WORKER: 'off' } }, (at) => {
  const text = textsOf('en');
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hili-resume-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes on where it was when the page is loaded anew and the same file is chosen again', async () => {
    const { page, leave } = await at.visitor('en', 390);
    const path = join(folder, NAME);
    writeFileSync(path, Buffer.concat([readFileSync(OLD_PHOTO), randomBytes(11 * MB)]));
    const sent = requestsOf(page);
    page.on('dialog', (dialog) => void dialog.accept());
    const notes = () => page.evaluate("localStorage.getItem('hili.drafts.1') ?? ''");
    const choose = async () => {
      await page.locator('input[type=file]').first().setInputFiles(path);
      await page.getByRole('main').getByRole('button', { name: text.choice.start, exact: true }).click();
    };
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
    const set = await slowLine(page);
    await choose();
    await page.getByText(text.work.resumes).waitFor();
    await untilHalf(page);
    expect(await notes()).toMatch(/^\{"[0-9a-f]{64}":/);
    expect(await notes()).not.toContain('grandmother');
    await page.reload();
    await page.getByTestId('photos-left').waitFor();
    await set(false);
    const before = sent.offsets.length;
    await choose();
    await page.waitForURL('**/photos/*', { timeout: WORK_MS });
    expect(sent.begun, 'the server makes one upload of the file').toBe(1);
    expect(Math.min(...sent.offsets.slice(before)), 'what has arrived is not sent again').toBeGreaterThanOrEqual(
      4 * MB,
    );
    await expect.poll(notes).toBe('{}');
    await leave();
  });
});

/** How many uploads are begun from now on, and at which byte each piece of them begins. */
function requestsOf(page: Page) {
  const sent = { begun: 0, offsets: [] as number[] };
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/uploads')) sent.begun++;
    if (request.method() === 'PATCH') sent.offsets.push(Number(request.headers()['upload-offset']));
  });
  return sent;
}
