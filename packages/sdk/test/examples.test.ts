import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../server/test/test-app.ts';
import { OLD_PHOTO, sizeOf } from './photos.ts';

const PACKAGE = join(import.meta.dirname, '..');

/** The code of every `@example` in the docstrings of the SDK. */
const examples = readdirSync(join(PACKAGE, 'src')).flatMap((name) => {
  const text = readFileSync(join(PACKAGE, 'src', name), 'utf8');
  return [...text.matchAll(/@example\n([\s\S]*?)\*\//g)].map((match) => ({
    name,
    code: match[1]!.replaceAll(/^ *\* ?/gm, '').trim(),
  }));
});

let app: TestApp;
let secret: string;

beforeAll(async () => {
  app = await openTestApp();
  await app.startWorker();
  secret = (await app.partner('hiliad', 1)).secretKey;
});
afterAll(() => app.close());

it.each(examples)('runs the example of $name as it stands, but for address, secret and paths', async ({ code }) => {
  const result = join(app.folder, 'new.jpg');
  const adapted = code
    .replace('http://127.0.0.1:3000', app.url)
    .replace('YOUR-SECRET', secret)
    .replaceAll("openAsBlob('old.jpg')", `openAsBlob(${JSON.stringify(OLD_PHOTO)})`)
    .replaceAll("upload('old.jpg'", `upload(${JSON.stringify(OLD_PHOTO)}`)
    .replaceAll("'new.jpg'", JSON.stringify(result));
  expect(adapted).not.toBe(code);
  await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', adapted], { cwd: PACKAGE });
  // A guest's result is reduced to 2000 px.
  expect([2000, 2048]).toContain((await sizeOf(result)).width);
});

it('has an example for each way to connect', () => {
  expect(examples.map(({ name }) => name).sort()).toEqual(['client.ts', 'partner.ts']);
});
