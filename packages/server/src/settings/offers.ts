import { PACKAGES } from '@hili/contract';
import { z } from 'zod';
import { whole } from './kinds.ts';

/** What is free. */
export const FREE_SETTINGS = {
  FREE_PER_DAY: whole(0, 1000, 3).describe('Free photos of one visitor a day.'),
  FREE_PER_ADDRESS: whole(0, 100_000, 30).describe('Free photos a day of all visitors at one address (IPv6: one /64).'),
  FREE_LONG_EDGE: whole(16, 20_000, 2000).describe(
    'Longer side of a free result at most, in pixels; larger is reduced.',
  ),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Asia/Shanghai')
    .default('Asia/Shanghai')
    .describe('Time zone whose midnight ends a day of free photos.'),
} as const;

/** What invites and cash back give. */
export const REWARD_SETTINGS = {
  INVITE_CREDITS_INVITER: whole(0, 1000, 3).describe(
    'Photos for who invited a friend, once that friend has bought for the first time.',
  ),
  INVITE_CREDITS_INVITEE: whole(0, 1000, 3).describe(
    'Photos for the friend, at the same time; invites are off when both are 0.',
  ),
  INVITE_DAYS: whole(1, 3650, 90).describe('Days for which these photos are good.'),
  INVITES_PER_MONTH: whole(0, 100_000, 20).describe('Friends in 30 days for whom one inviter is rewarded at most.'),
  REBATE_FEN: z
    .string()
    .refine(isAmounts, 'expected a package and fen for each, such as photos-3:200,photos-10:600')
    .default('')
    .describe('Cash back on an order of each package, in fen, such as photos-3:200,photos-10:600; empty for none.'),
  REBATE_DAYS: whole(0, 365, 7).describe('Days after the payment from which a rebate can be claimed.'),
  REBATE_DAILY_FEN: whole(0, 1_000_000_000, 100_000).describe(
    'Fen of rebates that may be approved in 24 hours; 0 stops approvals.',
  ),
} as const;

/** Whether a text lists amounts by package code. */
function isAmounts(text: string): boolean {
  return (
    text === '' ||
    text.split(',').every((pair) => {
      const [, code, fen] = /^\s*([\w-]+):(\d{1,7})\s*$/.exec(pair) ?? [];
      return PACKAGES.some((each) => each.code === code && each.wechatRebate && Number(fen) < each.fen);
    })
  );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}
