import { INVITE_CODE_LENGTH, INVITE_LETTERS } from '@hili/contract';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { AppDeps, AppEnv } from './deps.ts';

type Call = Context<AppEnv>;

const COOKIE = 'hili_invite';
/** Days for which a link that was followed counts. */
const DAYS = 30;
const DAY = 86_400_000;
const CODE = new RegExp(`^[${INVITE_LETTERS}]{${INVITE_CODE_LENGTH}}$`);
const VALUE = new RegExp(
  `^(?:([${INVITE_LETTERS}]{${INVITE_CODE_LENGTH}})-(\\d{1,6}))?\\.([${INVITE_LETTERS}]{${INVITE_CODE_LENGTH}})?$`,
);

/** What this browser remembers of invites: the first link that it followed, and whose own page of invites it has shown. */
export interface InviteTrace {
  readonly code: string | undefined;
  /** The day, counted from 1970, on which the link was followed. */
  readonly day: number;
  readonly ownerCode: string | undefined;
}

/** Reads the trace; a link older than 30 days is forgotten. Whoever changes their own cookie may as well follow a link. */
export function readInviteTrace(c: Call, now: Date): InviteTrace {
  const today = Math.floor(now.getTime() / DAY);
  const [, code, day, ownerCode] = VALUE.exec(getCookie(c, COOKIE) ?? '') ?? [];
  const followed = Number(day ?? today);
  return { code: followed > today - DAYS && followed <= today ? code : undefined, day: followed, ownerCode };
}

function write(c: Call, deps: Pick<AppDeps, 'publicUrl'>, { code, day, ownerCode }: InviteTrace): void {
  setCookie(c, COOKIE, `${code === undefined ? '' : `${code}-${day}`}.${ownerCode ?? ''}`, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: deps.publicUrl.startsWith('https:'),
    maxAge: DAYS * 86_400,
  });
}

/** Remembers the first link that was followed; nothing is looked up, so nothing is told about a code. */
export function followInvite(c: Call, deps: Pick<AppDeps, 'publicUrl' | 'clock'>, code: string): void {
  const now = deps.clock();
  const trace = readInviteTrace(c, now);
  if (trace.code !== undefined || !CODE.test(code)) return;
  write(c, deps, { ...trace, code, day: Math.floor(now.getTime() / DAY) });
}

/** Remembers whose browser this is, so that an account that is made here by their own link is looked at. */
export function markInviter(c: Call, deps: Pick<AppDeps, 'publicUrl' | 'clock'>, ownerCode: string): void {
  write(c, deps, { ...readInviteTrace(c, deps.clock()), ownerCode });
}
