import { PhotoView } from '@hili/contract';
import { afterAll, expect } from 'vitest';
import { makePng } from './pictures.ts';
import { openTestApp } from './test-app.ts';

export const small = makePng(96, 64, 0x33);

/** A service of a test file's own that restores photos, and who visits it. */
export async function openPageApp(settings: Readonly<Record<string, string>> = {}) {
  const app = await openTestApp({ FREE_PER_DAY: '20', FREE_PER_ADDRESS: '1000', ...settings });
  afterAll(() => app.close());
  await app.startWorker();

  /** Somebody at a browser: keeps the cookie and says where the page is from. */
  async function visit(cookie = '') {
    const call = async (method: string, path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      if (cookie) headers.set('cookie', cookie);
      if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin');
      const response = await fetch(app.url + path, { ...init, method, headers });
      const [set] = response.headers.getSetCookie();
      if (set) cookie = set.split(';')[0] as string;
      return response;
    };
    const upload = (fields: Record<string, string | Blob>, init: RequestInit = {}) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields))
        if (typeof value === 'string') body.append(name, value);
        else body.append(name, value, '奶奶.png');
      return call('POST', '/api/v1/photos', { ...init, body });
    };
    return {
      call,
      upload,
      async uploaded(fields: Record<string, string> = {}) {
        const response = await upload({ recipe: 'sr', file: new Blob([new Uint8Array(small)]), ...fields });
        expect(response.status).toBe(201);
        return PhotoView.parse(await response.json());
      },
      async done(id: string) {
        for (let i = 0; i < 400; i++) {
          const photo = PhotoView.parse(await (await call('GET', `/api/v1/photos/${id}`)).json());
          if (photo.job.state === 'done' || photo.job.state === 'failed') return photo;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error('expected a job that ends within 40 s');
      },
      cookie: () => cookie,
    };
  }

  return { app, visit };
}
