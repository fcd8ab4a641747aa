import { z } from 'zod';
import { Reason } from './admin-acts.ts';

/** Settings that the console can change, in its order. The texts of the banner are one for each language; empty for none. */
export const LIVE_SETTINGS = [
  'ANNOUNCEMENT_ZH',
  'ANNOUNCEMENT_EN',
  'ANNOUNCEMENT_JA',
  'ANNOUNCEMENT_ES',
  'ANNOUNCEMENT_FR',
  'FREE_PER_DAY',
  'FREE_PER_ADDRESS',
  'VISIBLE_LABEL',
  'INVITE_CREDITS_INVITER',
  'INVITE_CREDITS_INVITEE',
  'INVITE_DAYS',
  'INVITES_PER_MONTH',
  'REBATE_FEN',
  'REBATE_DAYS',
  'REBATE_DAILY_FEN',
] as const;
export type LiveSetting = (typeof LIVE_SETTINGS)[number];

/** `GET /settings`. Values are texts, as in the environment. */
export const AdminSettings = z.array(
  z.object({
    key: z.enum(LIVE_SETTINGS),
    value: z.string(),
    /** Where it comes from: set here, in the environment, or neither. */
    from: z.enum(['console', 'environment', 'default']),
    /** What it would be if it were not set here. */
    otherwise: z.string(),
    meaning: z.string(),
    changedBy: z.string().nullable(),
    changedAt: z.string().nullable(),
  }),
);
export type AdminSettings = z.infer<typeof AdminSettings>;

/** `PUT /settings/:key` (money): null goes back to what it would be otherwise. In force at once, everywhere. Answers AdminSettings. */
export const SettingChange = z.object({ value: z.string().max(2000).nullable(), reason: Reason });
