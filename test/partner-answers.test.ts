import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { oldPhoto } from '../packages/server/test/pictures.ts';
import { callPartner } from '../packages/server/test/test-app.ts';
import { DOWNLOAD, NUMS, openPartnerCalls, STATUS, small, UPLOAD } from './partner-calls.ts';

const { app, partner, verdict, upload, finished } = await openPartnerCalls();

it('names the field that is missing, repeated or malformed with 9001', async () => {
  const good = { third_code: 'hiliad', repair_type: 'sr', file: small };
  const cases: [string, Record<string, string | Blob>][] = [
    ['repair_type', { third_code: 'hiliad', file: small }],
    ['repair_type', { ...good, repair_type: 'repair' }],
    ['repair_type', { ...good, repair_type: '' }],
    ['file', { third_code: 'hiliad', repair_type: 'sr' }],
    ['file', { ...good, file: 'text and no file' }],
    ['rgb', { ...good, repair_type: 'bg' }],
    ['rgb', { ...good, repair_type: 'bg', rgb: '256,0,0' }],
    ['rgb', { ...good, repair_type: 'bg', rgb: 'white' }],
  ];
  for (const [field, fields] of cases) {
    const { answer } = await callPartner(app, UPLOAD, app.token(partner), fields);
    expect(answer).toEqual({ code: 9000, errno: 9001, msg: `传入参数错误: ${field}` });
  }
  const missing = await callPartner(app, STATUS, app.token(partner), { third_code: 'hiliad' });
  expect(missing.answer).toEqual({ code: 9000, errno: 9001, msg: '传入参数错误: mdf' });

  const twice = new FormData();
  for (const [name, value] of Object.entries({ ...good, again: 'x' })) twice.append(name, value);
  twice.append('repair_type', 'sr');
  const response = await fetch(app.url + UPLOAD, {
    method: 'POST',
    body: twice,
    headers: { token: app.token(partner) },
  });
  expect(await response.json()).toEqual({ code: 9000, errno: 9001, msg: '传入参数错误: repair_type' });
});

it('takes repair_type in any order, with ; and with the spelling color', async () => {
  for (const repair_type of ['sr;repair', 'repair,sr', 'colour,sr,repair', 'sr,repair,color'])
    await upload({ repair_type });
});

it('takes the fields after the file, and then still refuses what is wrong with them', async () => {
  const send = async (code: string, type: string) => {
    const body = new FormData();
    body.append('file', small, 'a.png');
    body.append('repair_type', type);
    body.append('third_code', code);
    const response = await fetch(app.url + UPLOAD, { method: 'POST', body, headers: { token: app.token(partner) } });
    return ((await response.json()) as { code: number; errno?: number }) ?? {};
  };
  expect(await send('hiliad', 'sr')).toMatchObject({ code: 200 });
  expect(await send('nobody', 'sr')).toMatchObject({ code: 9000, errno: 9999 });
  expect(await send('hiliad', 'nothing')).toMatchObject({ code: 9000, errno: 9001 });
});

it('checks in the order token, fields, credits, type, picture', async () => {
  const poor = await app.partner('poor', 0);
  const text = new Blob(['no picture at all, but long enough to be looked at']);
  const broken = new Blob([new Uint8Array(readFileSync(oldPhoto).subarray(0, 2000))]);
  const wrong = app.token({ code: 'poor', secretKey: 'x' });
  const fields = { third_code: 'poor', repair_type: 'nothing', file: text };
  expect(await verdict(UPLOAD, fields, wrong)).toBe('200 9000 9999');
  expect(await verdict(UPLOAD, fields, app.token(poor))).toBe('200 9000 9001');
  expect(await verdict(UPLOAD, { ...fields, repair_type: 'sr' }, app.token(poor))).toBe('200 9000 9101');
  const { answer } = await callPartner(app, UPLOAD, app.token(poor), { ...fields, repair_type: 'sr' });
  expect(answer.msg).toBe('剩余下载次数为0');
  expect(await verdict(UPLOAD, { third_code: 'hiliad', repair_type: 'sr', file: text })).toBe('200 9000 9005');
  expect(await verdict(UPLOAD, { third_code: 'hiliad', repair_type: 'sr', file: broken })).toBe('200 9000 9009');
});

it('knows no photo of another partner, nor one that never was, by 9002', async () => {
  const stranger = await app.partner('stranger', 1);
  const mdf = await upload();
  for (const path of [STATUS, DOWNLOAD]) {
    const theirs = await callPartner(app, path, app.token(stranger), { third_code: 'stranger', mdf });
    const unknown = await callPartner(app, path, app.token(partner), { third_code: 'hiliad', mdf: 'f'.repeat(32) });
    const nonsense = await callPartner(app, path, app.token(partner), { third_code: 'hiliad', mdf: "' or 1=1 --" });
    for (const { status, answer } of [theirs, unknown, nonsense])
      expect([status, answer]).toEqual([200, { code: 9000, errno: 9002, msg: '图片不存在,请确认图片是否上传成功' }]);
  }
});

it('answers 9002 everywhere once a result is an hour old, and both pictures are gone for good', async () => {
  const { answer } = await callPartner(app, UPLOAD, app.token(partner), {
    third_code: 'hiliad',
    repair_type: 'sr',
    file: small,
  });
  const mdf = String(answer.data?.mdf);
  await finished(mdf);
  const download = await callPartner(app, DOWNLOAD, app.token(partner), { third_code: 'hiliad', mdf });
  const urls = [String(answer.data?.img_url), String(download.answer.data?.url)];
  for (const url of urls) expect((await fetch(url)).status).toBe(200);
  app.later(3601);
  for (const path of [STATUS, DOWNLOAD])
    expect((await callPartner(app, path, app.token(partner), { third_code: 'hiliad', mdf })).answer).toEqual({
      code: 9000,
      errno: 9002,
      msg: '数据已失效,请重新上传',
    });
  for (const url of urls) expect((await fetch(url)).status).toBe(410);
});

it('counts what is available now: holds are subtracted, refused uploads are not', async () => {
  const counting = await app.partner('counting', 2);
  const nums = async () =>
    (await callPartner(app, NUMS, app.token(counting), { third_code: 'counting' })).answer.data?.nums;
  expect(await nums()).toBe(2);
  const fields = { third_code: 'counting', repair_type: 'sr' };
  await verdict(UPLOAD, { ...fields, file: new Blob(['no picture']) }, app.token(counting));
  expect(await nums()).toBe(2);
  await verdict(UPLOAD, { ...fields, file: small }, app.token(counting));
  expect(await nums()).toBe(1);
});

it('takes application/x-www-form-urlencoded for the three calls without a file', async () => {
  const mdf = await upload();
  const send = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields);
    const response = await fetch(app.url + path, { method: 'POST', body, headers: { token: app.token(partner) } });
    return (await response.json()) as { code: number; errno?: number };
  };
  expect(await send(NUMS, { third_code: 'hiliad' })).toMatchObject({ code: 200 });
  expect(await send(STATUS, { third_code: 'hiliad', mdf })).toMatchObject({ code: 200 });
  expect(await send(DOWNLOAD, { third_code: 'hiliad', mdf: 'x' })).toMatchObject({ errno: 9002 });
  expect(await send(UPLOAD, { third_code: 'hiliad', repair_type: 'sr' })).toMatchObject({ errno: 9001 });
});

it('speaks Chinese unless the client asks for another language that we know', async () => {
  const word = async (language: string) => {
    const headers = { 'accept-language': language };
    return (await callPartner(app, NUMS, undefined, { third_code: 'hiliad' }, headers)).answer.msg;
  };
  expect(await word('de, *')).toBe('请求参数token不合法');
  expect(await word('en-GB')).toBe('The token is not valid.');
  expect(await word('ja;q=0.9, fr;q=0.1')).toBe('トークンが無効です。');
});

it('answers in its own form under its addresses, whatever is called', async () => {
  for (const [method, path] of [
    ['GET', UPLOAD],
    ['PUT', NUMS],
    ['POST', '/api/third/photo/nothing'],
  ] as const) {
    const response = await fetch(app.url + path, { method, headers: { token: app.token(partner) } });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toMatchObject({ code: 9000, errno: 500 });
  }
});
