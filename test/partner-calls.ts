import { afterAll, expect } from 'vitest';
import { makePng } from '../packages/server/test/pictures.ts';
import { callPartner, openTestApp } from '../packages/server/test/test-app.ts';

export const UPLOAD = '/api/third/photo/upload';
export const STATUS = '/api/third/photo/status';
export const DOWNLOAD = '/api/third/photo/download';
export const NUMS = '/api/third/company/nums';

export const small = new Blob([new Uint8Array(makePng(96, 64, 0x33))]);

/** A service of a test file's own that restores photos, whose books agree in the end, and the calls of a partner with 98 credits. */
export async function openPartnerCalls() {
  const app = await openTestApp();
  afterAll(async () => {
    expect(await app.broken()).toEqual([]);
    await app.close();
  });
  await app.startWorker();
  const partner = await app.partner('hiliad', 98);

  /** Answers `code errno`, or `code` of a success. */
  async function verdict(path: string, fields: Record<string, string | Blob>, token = app.token(partner)) {
    const { status, answer } = await callPartner(app, path, token, fields);
    return [status, answer.code, answer.errno].filter((part) => part !== undefined).join(' ');
  }

  async function upload(fields: Record<string, string | Blob> = {}): Promise<string> {
    const { answer } = await callPartner(app, UPLOAD, app.token(partner), {
      third_code: partner.code,
      repair_type: 'sr',
      file: small,
      ...fields,
    });
    expect(answer).toMatchObject({ code: 200 });
    return String(answer.data?.mdf);
  }

  async function finished(mdf: string): Promise<Record<string, unknown>> {
    for (let i = 0; i < 400; i++) {
      const { answer } = await callPartner(app, STATUS, app.token(partner), { third_code: partner.code, mdf });
      if (answer.code !== 200 || answer.data?.status === 200) return answer;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    throw new Error('expected a result within a minute');
  }

  return { app, partner, verdict, upload, finished };
}
