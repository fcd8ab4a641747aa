import { expect, it } from 'vitest';
import { callPartner, type TestPartner } from '../packages/server/test/test-app.ts';
import { DOWNLOAD, NUMS, openPartnerCalls, STATUS, small, UPLOAD } from './partner-calls.ts';

const { app, partner, verdict } = await openPartnerCalls();

it('refuses wrong, stale, future, malformed, missing and other partners’ tokens with 9999 and one text', async () => {
  const other = await app.partner('other', 5);
  const disabled = await app.partner('disabled', 5);
  await app.disable('disabled');
  const good = app.token(partner);
  const cases: [string, string | undefined, Record<string, string>][] = [
    ['wrong', app.token({ code: 'hiliad', secretKey: 'wrong' }), { third_code: 'hiliad' }],
    ['stale', app.token(partner, -125), { third_code: 'hiliad' }],
    ['future', app.token(partner, 40), { third_code: 'hiliad' }],
    ['malformed', 'token', { third_code: 'hiliad' }],
    ['without time', good.split(',')[0], { third_code: 'hiliad' }],
    ['missing', undefined, { third_code: 'hiliad' }],
    ['another partner’s', app.token(other), { third_code: 'hiliad' }],
    ['of a disabled partner', app.token(disabled), { third_code: 'disabled' }],
    ['unknown third_code', good, { third_code: 'nobody' }],
    ['third_code with NUL', good, { third_code: 'hil\0iad' }],
    ['missing third_code', good, {}],
    ['empty third_code', good, { third_code: '' }],
  ];
  for (const path of [UPLOAD, STATUS, DOWNLOAD, NUMS])
    for (const [name, token, fields] of cases) {
      const body = path === UPLOAD ? { repair_type: 'sr', file: small, ...fields } : { mdf: 'x', ...fields };
      const { status, answer } = await callPartner(app, path, token, name === 'missing third_code' ? fields : body);
      expect([status, answer], `${path} ${name}`).toEqual([
        200,
        { code: 9000, errno: 9999, msg: '请求参数token不合法' },
      ]);
    }
});

it('takes the same time for codes that are known, unknown or missing', async () => {
  const times: Record<string, number[]> = { known: [], unknown: [], missing: [] };
  const bodies = { known: { third_code: 'hiliad' }, unknown: { third_code: 'nobody' }, missing: { other: 'nobody' } };
  const wrong = app.token({ code: 'hiliad', secretKey: 'wrong' });
  for (let i = 0; i < 220; i++)
    for (const [name, fields] of Object.entries(bodies)) {
      const began = performance.now();
      await callPartner(app, NUMS, wrong, fields);
      if (i >= 20) times[name]?.push(performance.now() - began);
    }
  // The fastest tenth: what is slower, the rest of the machine made slower.
  const [known = 0, ...others] = Object.values(times).map((all) => all.sort((a, b) => a - b)[20] as number);
  for (const time of others) expect(Math.abs(time / known - 1)).toBeLessThan(0.3);
});

it('takes a token for two minutes, and one from a clock that is 30 seconds ahead', async () => {
  for (const seconds of [0, -115, 25])
    expect(await verdict(NUMS, { third_code: 'hiliad' }, app.token(partner, seconds)), String(seconds)).toBe('200 200');
});

it('takes the old and the new secret while a rotation overlaps, and then the new one only', async () => {
  const old = await app.partner('rotating', 1);
  const renewed = await app.rotate('rotating', 60);
  const call = (by: TestPartner) => verdict(NUMS, { third_code: 'rotating' }, app.token(by));
  expect([await call(old), await call(renewed)]).toEqual(['200 200', '200 200']);
  app.later(61);
  expect([await call(old), await call(renewed)]).toEqual(['200 9000 9999', '200 200']);
});
