import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserPath } from '../browser.ts';
import { startServer } from './server.ts';
import { launchOptions, newVisitor, OLD_PHOTO, textsOf } from './visitor.ts';

const executablePath = browserPath();

it.skipIf(!executablePath)('takes a photo that a phone shares, and opens without a connection', async () => {
  const server = await startServer({ WORKER: 'off' });
  const browser = await chromium.launch(launchOptions(executablePath));
  const text = textsOf('fr');
  const photo = readFileSync(OLD_PHOTO, 'base64');
  const { page } = await newVisitor(browser, server.url, 'fr', 390);
  await page.goto(server.url);
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.reload();
  await page.getByTestId('photos-left').waitFor();
  await page.evaluate(`{
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob('${photo}'), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], 'grand-mère.jpg', { type: 'image/jpeg' }));
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '/share', enctype: 'multipart/form-data' });
    form.append(Object.assign(document.createElement('input'), { type: 'file', name: 'photos', files: data.files }));
    document.body.append(form);
    form.submit();
  }`);
  await page.getByRole('heading', { name: text.choice.title }).waitFor();
  expect(await page.getByRole('status').first().textContent()).toContain('grand-mère.jpg');
  expect(await page.evaluate("caches.has('hili-shared')")).toBe(false);

  await server.stop();
  await page.goto(`${server.url}/prices`);
  await page.getByRole('heading', { name: text.prices.title, exact: true }).waitFor();
  await page.goto(`${server.url}/account`);
  await page.getByRole('heading', { name: text.offline.title }).waitFor();
  await page.getByRole('main').getByRole('link', { name: text.nav.terms }).click();
  await page.getByRole('heading', { name: text.terms.title }).waitFor();
  await browser.close();
});
