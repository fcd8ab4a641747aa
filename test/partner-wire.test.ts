import { execFile } from 'node:child_process';
import { openAsBlob, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { oldPhoto } from '../packages/server/test/pictures.ts';
import { callPartner } from '../packages/server/test/test-app.ts';
import { DOWNLOAD, NUMS, openPartnerCalls, STATUS } from './partner-calls.ts';

const run = promisify(execFile);
const { app, partner, verdict, upload, finished } = await openPartnerCalls();

/** The page's own commands; only host, codes and file are replaced. */
const CURL = {
  upload: `curl --location --request POST 'XXXXXX/api/third/photo/upload' \\
--header 'token: XXXXX' \\
--form 'repair_type="bg"' \\
--form 'third_code="XXXXXX"' \\
--form 'file=@"/Users/max/Downloads/7c7a7c7964e02f022c6e7aeae12c8786.jpg"' \\
--form 'rgb="255,255,255"'`,
  status: `curl --location --request POST 'XXXXXX/api/third/photo/status' \\
--header 'token: XXXXX' \\
--form 'mdf="XXXXX"' \\
--form 'third_code="XXXX"'`,
  download: `curl --location --request POST 'XXXXX/api/third/photo/download' \\
--header 'token: XXXXX' \\
--form 'mdf="XXXXX"' \\
--form 'third_code="XXXXX"'`,
  nums: `curl --location --request POST 'XXXXX/api/third/company/nums' \\
--header 'token: XXXXX' \\
--form 'third_code="XXXXX"'`,
};

async function shell(command: string, replace: { token: string; mdf?: string }): Promise<string> {
  const line = command
    .replace(/'X+\//, `'${app.url}/`)
    .replace(/token: X+/, `token: ${replace.token}`)
    .replace(/mdf="X+"/, `mdf="${replace.mdf}"`)
    .replace(/third_code="X+"/, `third_code="${partner.code}"`)
    .replace(/@"[^"]+"/, `@"${oldPhoto}"`);
  expect(line).not.toMatch(/XXXX|Users/);
  const { stdout } = await run('sh', ['-c', line.replace('curl ', 'curl --silent --show-error ')]);
  return stdout;
}

it('makes the token of the page by the page’s own line of Python, and takes it', async (context) => {
  const python = `import hashlib, sys
secret_key, time = sys.argv[1], sys.argv[2]
mds = hashlib.md5((secret_key + time).encode("utf8")).hexdigest()
print(mds + ',' + time)`;
  const token = async (secret: string, time: string) =>
    (await run('python3', ['-c', python, secret, time])).stdout.trim();
  const first = await token('hiliad', '1629962357').catch(() => undefined);
  if (first === undefined) return context.skip('python3 is not here');
  expect(first).toBe('5484490c8e797dabe52af90ab8bd1e50,1629962357');
  const own = await token(partner.secretKey, String(Math.floor(Date.now() / 1000)));
  expect(await verdict(NUMS, { third_code: partner.code }, own)).toBe('200 200');
});

it('answers the four curl commands of the page, run by a shell as they stand', async () => {
  const token = app.token(partner);
  const before = JSON.parse(await shell(CURL.nums, { token }));
  expect(before).toEqual({ code: 200, data: { code: 'hiliad', nums: before.data.nums } });

  const uploaded = await shell(CURL.upload, { token });
  const [, url, mdf] = /^\{"code":200,"data":\{"img_url":"([^"]+)","mdf":"([0-9a-f]{32})"\}\}$/.exec(uploaded) ?? [];
  expect(url, uploaded).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[^?]+_out\.jpg$/);
  const original = await fetch(String(url));
  expect(Buffer.from(await original.arrayBuffer()).equals(readFileSync(oldPhoto))).toBe(true);

  const status = await shell(CURL.status, { token, mdf: String(mdf) });
  expect(status).toMatch(/^\{"code":200,"data":\{"msg":"图片处理(中|完成)","status":(100|200),/);
  expect(JSON.parse(await shell(CURL.nums, { token })).data.nums).toBe(before.data.nums - 1);
});

it('restores a real photo by the calls of the page, as a JPEG at a URL that needs no header', async () => {
  const mdf = await upload({ file: await openAsBlob(oldPhoto) });
  const done = await finished(mdf);
  expect(done).toEqual({ code: 200, data: { msg: '图片处理完成', status: 200, progress: 1 } });
  const answer = await shell(CURL.download, { token: app.token(partner), mdf });
  const [, url] = /^\{"code":200,"data":\{"url":"([^"]+)"\}\}$/.exec(answer) ?? [];
  expect(url, answer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[^?]+\.jpg$/);
  const result = await fetch(String(url));
  expect(result.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await result.arrayBuffer()).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
});

it('gives a JPEG whatever came in', async () => {
  const mdf = await upload();
  await finished(mdf);
  const { answer } = await callPartner(app, DOWNLOAD, app.token(partner), { third_code: partner.code, mdf });
  const result = await fetch(String(answer.data?.url));
  expect(result.headers.get('content-type')).toBe('image/jpeg');
});

it('says in the words of the page that a photo waits or is processed, with its place', async () => {
  const mdf = await upload();
  const { answer } = await callPartner(app, STATUS, app.token(partner), { third_code: partner.code, mdf });
  expect(answer).toMatchObject({ code: 200, data: { msg: '图片处理中', status: 100, progress: expect.any(Number) } });
  const early = await callPartner(app, DOWNLOAD, app.token(partner), { third_code: partner.code, mdf });
  expect(early.answer).toEqual({ code: 9000, errno: 500, msg: '图片处理中' });
  await finished(mdf);
});
