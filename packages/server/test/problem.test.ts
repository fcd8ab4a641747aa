import { AppError } from '@hili/contract';
import { PhotoError } from '@hili/engine';
import { expect, it } from 'vitest';
import { asAppError } from '../src/photo-errors.ts';
import { partnerFailure, problemResponse } from '../src/problem.ts';

it('uses another HTTP status than 200 on the partner wire only for what a proxy would have refused', async () => {
  const busy = partnerFailure(new AppError('RATE_LIMITED', { retryAfter: 2.1 }), 'zh');
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '3']);
  expect(await busy.text()).toBe('{"code":9000,"errno":500,"msg":"请求过于频繁,请稍后再试"}');
  expect(partnerFailure(new AppError('TOO_LARGE'), 'zh').status).toBe(413);
  expect(partnerFailure(new AppError('OVERLOADED'), 'zh').status).toBe(503);
  for (const code of ['TOKEN_INVALID', 'NO_CREDITS', 'PHOTO_DAMAGED', 'PHOTO_EXPIRED', 'INTERNAL'] as const)
    expect(partnerFailure(new AppError(code), 'zh').status).toBe(200);
});

it('names the field at fault behind the text, in every language', async () => {
  const error = new AppError('BAD_REQUEST', { field: 'rgb', detail: 'not shown' });
  expect(await partnerFailure(error, 'zh').json()).toMatchObject({ msg: '传入参数错误: rgb' });
  expect(await partnerFailure(error, 'en').json()).toMatchObject({ msg: 'A field is missing or malformed: rgb' });
  expect(await partnerFailure(error, 'ja').json()).toMatchObject({ msg: 'パラメーターに誤りがあります: rgb' });
});

it('says nothing of the inside, whatever went wrong there', async () => {
  for (const error of [
    new Error('connect ECONNREFUSED /var/lib/secret'),
    new PhotoError('no_model', 'expected a model in /models but received none'),
    { thrown: 'as it is' },
  ]) {
    const response = problemResponse(asAppError(error), 'en');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: 'urn:hili:error:INTERNAL',
      title: 'Something went wrong on our side.',
      status: 500,
      code: 'INTERNAL',
    });
  }
});
