import { RecoveryCodes, TotpSecret } from '@hili/contract/admin';
import { createOperator } from '../src/operators.ts';
import { codeOfStep, stepOf } from '../src/totp.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import type { TestApp } from './test-app.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const unbase32 = (text: string) => {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

/** An operator who has signed in, with no second factor yet. */
export async function newOperator(app: TestApp) {
  const email = newEmail();
  await createOperator(app, email);
  const browser = openBrowser(app);
  await browser.enter(email);
  const admin = (method: string, path: string, body?: unknown) => browser.api(method, `/admin${path}`, body);
  return { browser, email, admin };
}

/** An authenticator app with a secret; each code that it gives is newer than the one before, as for somebody who waits. */
export function openTotp(app: Pick<TestApp, 'clock'>, secret: string) {
  let last = 0;
  return {
    code(): string {
      const step = Math.max(last + 1, stepOf(app.clock()));
      last = step;
      return codeOfStep(unbase32(secret), step);
    },
  };
}

/** Sets an authenticator app up for an operator. */
export async function enrol(
  app: TestApp,
  admin: (method: string, path: string, body?: unknown) => ReturnType<Browser['api']>,
) {
  const { secret } = TotpSecret.parse(await (await admin('POST', '/access/totp/new')).json());
  const totp = openTotp(app, secret);
  const proven = await admin('PUT', '/access/totp', { code: totp.code() });
  if (proven.status !== 200) throw new Error(`expected 200 but received ${await proven.text()}`);
  return { totp, codes: RecoveryCodes.parse(await proven.json()).codes };
}

/** An operator whose session has just shown a second factor. */
export async function openOperator(app: TestApp) {
  const operator = await newOperator(app);
  return { ...operator, ...(await enrol(app, operator.admin)) };
}
