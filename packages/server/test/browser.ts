import { API, Challenge, MeView, type Proof } from '@hili/contract';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { codeIn, mailsIn, mailTo } from './mailbox.ts';
import type { TestApp } from './test-app.ts';

export type Browser = ReturnType<typeof openBrowser>;

/** Somebody at a browser: keeps cookies as it does, and says where the page is from. */
export function openBrowser(app: Pick<TestApp, 'url' | 'folder'>, more: Readonly<Record<string, string>> = {}) {
  const cookies = new Map<string, string>();

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const sent = new Headers({ 'sec-fetch-site': 'same-origin', ...more, ...headers });
    if (cookies.size > 0) sent.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    const isJson = body !== undefined && !(body instanceof FormData);
    if (isJson) sent.set('content-type', 'application/json');
    const url = path.startsWith('/') ? app.url + path : path;
    const init = { method, headers: sent, redirect: 'manual' as const };
    const response = await fetch(
      url,
      body === undefined ? init : { ...init, body: isJson ? JSON.stringify(body) : (body as FormData) },
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /max-age=0(;|$)/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }
  const api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    call(method, API + path, body, headers);

  /** Does the work that is asked before a mail is sent. */
  async function proof(): Promise<Proof> {
    const challenge = Challenge.parse(await (await api('GET', '/proof')).json());
    const solution = await solveChallenge({ challenge, deriveKey });
    if (!solution) throw new Error('expected a solution');
    return { challenge, solution };
  }

  return {
    url: app.url,
    cookies,
    call,
    api,
    proof,
    async me(): Promise<MeView> {
      return MeView.parse(await (await api('GET', '/me')).json());
    },
    /** Has a code sent and reads it. */
    async code(email: string): Promise<string> {
      const before = mailsIn(app.folder, email).length;
      const response = await api('POST', '/codes', { email, proof: await proof() });
      if (response.status !== 204)
        throw new Error(`expected 204 but received ${response.status} ${await response.text()}`);
      return codeIn(await mailTo(app.folder, email, before + 1));
    },
    /** Signs in by a code; the account is made when there is none. */
    async enter(email: string, password?: string): Promise<MeView> {
      const code = await this.code(email);
      const response = await api('POST', '/sign-in/code', { email, code, ...(password && { password }) });
      if (response.status !== 200)
        throw new Error(`expected 200 but received ${response.status} ${await response.text()}`);
      return MeView.parse(await response.json());
    },
    upload(fields: Record<string, string | Blob>) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields))
        if (typeof value === 'string') form.append(name, value);
        else form.append(name, value, 'grandmother.png');
      return api('POST', '/photos', form);
    },
  };
}

let people = 0;
/** An address that nobody had before. */
export const newEmail = (): string => `person${++people}.${Date.now().toString(36)}@example.com`;
