import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ERRORS, LANGUAGES } from '../packages/contract/src/index.ts';
import { makePng } from '../packages/server/test/pictures.ts';
import { openTestApp, type TestApp, type TestPartner } from '../packages/server/test/test-app.ts';

const run = promisify(execFile);
const docs = join(import.meta.dirname, '..', 'docs');
const page = readFileSync(join(docs, 'partner-api.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'hili docs '));

let app: TestApp;
let partner: TestPartner;

beforeAll(async () => {
  app = await openTestApp();
  await app.startWorker();
  partner = await app.partner('samples', 100);
  writeFileSync(join(folder, 'old.png'), makePng(96, 64, 0x33));
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

it('lists every error as the table has it, and no other', () => {
  const lines = readFileSync(join(docs, 'errors.md'), 'utf8').split('\n');
  const rows = lines.filter((line) => /^\| [A-Z_]+ \|/.test(line)).map((line) => line.slice(2, -2).split(' | '));
  const table = Object.entries(ERRORS).map(([code, { status, errno, report, text }]) => [
    code,
    String(status),
    String(errno),
    report ? 'yes' : 'no',
    ...LANGUAGES.map((language) => text[language]),
  ]);
  expect(rows).toEqual(table);
});

it('names every errno of the partner wire that a caller can meet, in both languages', () => {
  const [chinese = '', english = ''] = page.split('\n## English\n');
  for (const { errno } of Object.values(ERRORS)) {
    expect(chinese).toContain(`| ${errno}`);
    expect(english).toContain(`| ${errno}`);
  }
});

/** How to find out whether a language is here, and how to run its sample. */
const SAMPLES: Record<string, { file: string; here: string[]; run: string[] }> = {
  sh: { file: 'restore.sh', here: ['sh', '-c', 'command -v curl md5sum'], run: ['sh'] },
  python: { file: 'restore.py', here: ['python3', '-c', 'import requests'], run: ['python3'] },
  php: { file: 'restore.php', here: ['php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'], run: ['php'] },
  java: { file: 'Restore.java', here: ['java', '--version'], run: ['java'] },
  ts: { file: 'restore.ts', here: ['node', '--version'], run: ['node'] },
};

for (const [language, sample] of Object.entries(SAMPLES))
  it(`restores a photo by the sample in ${language}`, async (context) => {
    const [fence] = page.split('\n## 示例')[1]?.match(new RegExp(`(?<=\n\`\`\`${language}\n)[^]*?(?=\n\`\`\`)`)) ?? [];
    expect(fence, `a sample in ${language}`).toBeDefined();
    const [check = '', ...checks] = sample.here;
    const here = await run(check, checks).catch(() => undefined);
    if (!here) return context.skip(`${language} is not here`);
    const source = join(folder, sample.file);
    const result = join(folder, `${language}.jpg`);
    writeFileSync(source, String(fence));
    const [command = '', ...args] = sample.run;
    const { stdout } = await run(command, [...args, source, join(folder, 'old.png'), result], {
      env: { ...process.env, HILI_URL: app.url, THIRD_CODE: partner.code, SECRET_KEY: partner.secretKey },
    });
    expect(readFileSync(result).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(stdout).toMatch(/\d\d/);
  });
