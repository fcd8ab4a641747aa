import { expect, it } from 'vitest';
import { loadConfig } from '../config.ts';

const demo = (settings: Record<string, string>) => loadConfig(settings).DEMO_PAYMENTS;
const KEYS = {
  WECHAT_PAY_MCHID: '1900000001',
  WECHAT_PAY_APPID: 'wx1',
  WECHAT_PAY_SERIAL: '0123456789ABCDEF',
  WECHAT_PAY_KEY_FILE: 'key.pem',
  WECHAT_PAY_API_KEY: 'k'.repeat(32),
};

it('simulates payments without a single setting, on this machine only', () => {
  expect(demo({})).toBe(true);
  for (const HOST of ['localhost', '127.0.0.1', '::1']) expect(demo({ HOST }), HOST).toBe(true);
  for (const HOST of ['0.0.0.0', '::', '192.168.1.2', 'photo.example', '127.0.0.1.example', 'localhost.example'])
    expect(demo({ HOST }), HOST).toBe(false);
  expect(demo(KEYS), 'a way to pay is set up').toBe(false);
  expect(demo({ DEMO_PAYMENTS: 'off' })).toBe(false);
});

it.each<Record<string, string>>([
  { HOST: '0.0.0.0' },
  { NODE_ENV: 'production' },
  { HILI_PUBLIC_URL: 'https://photo.example' },
  { TRUST_PROXY: '1' },
])('refuses to start with simulated payments and %o, unless it is a site for demonstrations', (settings) => {
  expect(demo(settings)).toBe(false);
  expect(() => demo({ ...settings, DEMO_PAYMENTS: 'on' })).toThrow(
    'expected DEMO_PAYMENTS=on only where nobody else comes',
  );
  expect(demo({ ...settings, DEMO_PAYMENTS: 'on', DEMO_SITE: '1' })).toBe(true);
  expect(demo({ ...settings, DEMO_SITE: '1' })).toBe(true);
});

it('asks for all of a merchant, and repeats no key', () => {
  for (const missing of Object.keys(KEYS))
    expect(() => loadConfig({ ...KEYS, [missing]: '' }), missing).toThrow(`expected a value for ${missing}`);
  expect(() => loadConfig({ ...KEYS, WECHAT_PAY_API_KEY: 'hunter2' })).toThrow(/^(?!.*hunter2)/s);
});

it('asks for the merchant and the secret of a service account, and repeats no secret', () => {
  const service = { WECHAT_SERVICE_APPID: 'wx2', WECHAT_SERVICE_SECRET: 'hunter2' };
  expect(loadConfig({ ...KEYS, ...service })).toMatchObject(service);
  expect(() => loadConfig(service)).toThrow(/^(?!.*hunter2).*expected a value for WECHAT_PAY_MCHID/s);
  for (const missing of Object.keys(service))
    expect(() => loadConfig({ ...KEYS, ...service, [missing]: '' }), missing).toThrow(
      `expected a value for ${missing}`,
    );
});
