import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect, it } from 'vitest';
import { envExample, listSettings, loadConfig } from './config.ts';

it('starts without a single setting', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 3000,
    FREE_PER_DAY: 3,
    TIME_ZONE: 'Asia/Shanghai',
    TRUST_PROXY: 0,
  });
  expect(config.INFERENCE_PROCESSES).toBeGreaterThan(0);
  expect(isAbsolute(config.HILI_DATA)).toBe(true);
  expect(Object.isFrozen(config)).toBe(true);
});

it('reads numbers and words from texts, and takes an empty text for none', () => {
  const config = loadConfig({ PORT: '8080', TRUST_PROXY: '2', WORKER: 'off', HOST: '' });
  expect(config).toMatchObject({ PORT: 8080, TRUST_PROXY: 2, WORKER: 'off', HOST: '127.0.0.1' });
});

it('takes off, or names of steps, for what the visible label stands after', () => {
  expect(loadConfig({}).VISIBLE_LABEL).toEqual([]);
  expect(loadConfig({ VISIBLE_LABEL: 'off' }).VISIBLE_LABEL).toEqual([]);
  expect(loadConfig({ VISIBLE_LABEL: 'repair, colour' }).VISIBLE_LABEL).toEqual(['repair', 'colour']);
  for (const wrong of ['on', 'repair,color', 'repair,,sr', 'off,sr'])
    expect(() => loadConfig({ VISIBLE_LABEL: wrong })).toThrow(
      `expected off, or some of sr, repair, colour, bg separated by commas for VISIBLE_LABEL but received "${wrong}"`,
    );
});

it('names every wrong setting in one message, and repeats no secret', () => {
  const wrong = {
    PORT: 'http',
    TIME_ZONE: 'Atlantis',
    WORKER: 'maybe',
    HILI_SECRET: 'hunter2',
    DATABASE_URL: 'mysql://u:pw@h/d',
  };
  let message = '';
  try {
    loadConfig(wrong);
  } catch (error) {
    message = (error as Error).message;
  }
  for (const key of Object.keys(wrong)) expect(message).toContain(`for ${key} but received`);
  expect(message).not.toMatch(/hunter2|pw@h/);
});

it('asks for the settings that another one needs', () => {
  for (const [given, other] of [
    [{ SMTP_URL: 'smtp://mail.example' }, 'MAIL_FROM'],
    [{ WECHAT_APP_ID: 'wx1' }, 'WECHAT_APP_SECRET'],
    [{ OIDC_ISSUER: 'https://id.example' }, 'OIDC_CLIENT_ID'],
  ] as const)
    expect(() => loadConfig(given)).toThrow(`expected a value for ${other} but received none`);
});

it('shows every setting and its default in .env.example', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8')).toBe(envExample());
});

it('explains every setting in docs/operations.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  const table = text.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  const cell = (words: string) => (words ? `\`${words}\`` : '');
  expect(table).toEqual(
    listSettings().map(({ key, fallback, meaning }) => `| \`${key}\` | ${cell(fallback)} | ${meaning} |`),
  );
});
