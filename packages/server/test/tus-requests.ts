import { request } from 'node:http';
import { expect } from 'vitest';
import type { Browser } from './browser.ts';

export const TUS = { 'tus-resumable': '1.0.0' };

const metadata = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** Begins an upload. @returns its id, empty when it was refused. */
export async function begin(browser: Browser, length: number, fields: Record<string, string> = { recipe: 'sr' }) {
  const headers = {
    ...TUS,
    'upload-length': String(length),
    'upload-metadata': metadata({ filename: '奶奶.jpg', ...fields }),
  };
  const response = await browser.api('POST', '/uploads', undefined, headers);
  if (response.status !== 201) return { id: '', response };
  expect(response.headers.get('location')).toMatch(/^\/api\/v1\/uploads\/[0-9a-f]{32}$/);
  return { id: String(response.headers.get('location')?.split('/').at(-1)), response };
}

export const head = (browser: Browser, id: string) => browser.api('HEAD', `/uploads/${id}`, undefined, TUS);
export const offsetOf = (response: Response) => Number(response.headers.get('upload-offset'));

/** Sends bytes from an offset on; with `stall`, falls silent before the last of them until it is cut, or told to finish. */
export function send(browser: Browser, id: string, offset: number, part: Uint8Array, stall = false) {
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  const headers = {
    ...{ ...TUS, cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/offset+octet-stream' },
    ...{ 'upload-offset': String(offset), 'content-length': String(part.length) },
  };
  const outgoing = request(`${browser.url}/api/v1/uploads/${id}`, { method: 'PATCH', headers });
  const answered = new Promise<{ status: number; offset: number; body: string }>((resolve, reject) => {
    outgoing.on('error', reject).on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, offset: Number(response.headers['upload-offset']), body }),
      );
    });
  });
  answered.catch(() => {});
  if (stall) outgoing.write(part.subarray(0, part.length - 1));
  else outgoing.end(part);
  return {
    answered,
    cut: () => outgoing.destroy(),
    finish: () => outgoing.end(part.subarray(part.length - 1)),
  };
}
