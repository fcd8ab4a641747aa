import { type Language, PAY_WAYS, payWayOf, writeMoney } from '@hili/contract';
import { type Auth, CODE_SECONDS } from '../auth.ts';
import { findComplaint } from '../complaints.ts';
import type { Config } from '../config.ts';
import type { Clock, Db } from '../database.ts';
import { findFapiao } from '../fapiao.ts';
import { jobsOf, photoOf } from '../job-rows.ts';
import { findOrder } from '../order-rows.ts';
import type { MailRow } from '../outbox.ts';
import { findPhoto, isGone } from '../photos.ts';
import { findRefund } from '../refund-rows.ts';
import { findSignIn, makeCode, makeEmailCode, makeResetToken, readSignInUser } from '../sign-ins.ts';
import type { MailKind } from '../tables.ts';
import { findUser } from '../users.ts';
import { listLots } from '../wallets.ts';
import { FAULT_WORDS, LOOK_WORDS } from './complaint-words.ts';
import type { LetterName } from './letters.ts';

export interface DraftDeps {
  readonly db: Db;
  readonly auth: Auth;
  readonly publicUrl: string;
  readonly config: Pick<Config, 'TIME_ZONE'>;
  readonly clock: Clock;
}

/** Seconds that a link to set a password is good for. */
const RESET_SECONDS = 3600;
/** Seconds for which a mail makes sense: a code that comes late is another person's riddle. */
export const LIFETIME: Readonly<Record<MailKind, number>> = {
  code: CODE_SECONDS,
  reset: RESET_SECONDS,
  'email-code': CODE_SECONDS,
  'email-changed': 3 * 86_400,
  'password-changed': 3 * 86_400,
  'photo-ready': 86_400,
  fapiao: 7 * 86_400,
  'fapiao-ended': 7 * 86_400,
  refunded: 7 * 86_400,
  complaint: 7 * 86_400,
  'complaint-answered': 3 * 86_400,
  'credits-expiring': 86_400,
  'account-deleted': 3 * 86_400,
};

/** To whom a mail goes, which letter it is, and what stands in its places. */
export interface Draft {
  readonly to: string;
  readonly name: LetterName;
  readonly values: Readonly<Record<string, string>>;
}

const minutes = (seconds: number) => String(Math.round(seconds / 60));

/** What each mail says, made when it goes out. Undefined when there is nothing to say any more. */
const DRAFTS: Readonly<Record<MailKind, (deps: DraftDeps, row: MailRow, to: string) => Promise<Draft | undefined>>> = {
  async code({ auth }, _row, to) {
    return { to, name: 'code', values: { code: await makeCode(auth, to), minutes: minutes(CODE_SECONDS) } };
  },
  async reset({ auth, publicUrl }, _row, to): Promise<Draft> {
    const user = await findSignIn(auth, to);
    if (!user) return { to, name: 'no-account', values: { link: `${publicUrl}/sign-in` } };
    const token = await makeResetToken(auth, user.id, RESET_SECONDS);
    return { to, name: 'reset', values: { link: resetLink(publicUrl, token), minutes: minutes(RESET_SECONDS) } };
  },
  async 'email-code'({ auth, publicUrl }, { about }, to): Promise<Draft> {
    if (await findSignIn(auth, to)) return { to, name: 'email-taken', values: { link: `${publicUrl}/sign-in` } };
    const code = await makeEmailCode(auth, String(about), to);
    return { to, name: 'email-code', values: { code, minutes: minutes(CODE_SECONDS) } };
  },
  async 'email-changed'({ publicUrl }, _row, to) {
    return { to, name: 'email-changed', values: { link: `${publicUrl}/contact` } };
  },
  async 'password-changed'({ publicUrl }, _row, to) {
    return { to, name: 'password-changed', values: { link: `${publicUrl}/sign-in` } };
  },
  async 'account-deleted'({ publicUrl }, _row, to) {
    return { to, name: 'account-deleted', values: { link: publicUrl } };
  },
  async 'photo-ready'({ db, publicUrl, config, clock }, { about, language }, to) {
    const photoId = await photoOf(db, String(about));
    const photo = photoId === undefined ? undefined : await findPhoto(db, photoId);
    if (photo?.job.state !== 'done' || isGone(photo, clock()) || !photo.expiresAt) return undefined;
    const until = writeTime(photo.expiresAt, language, config.TIME_ZONE);
    return { to, name: 'photo-ready', values: { name: photo.name, until, link: `${publicUrl}/photos/${photo.id}` } };
  },
  async complaint({ db }, { about, language }, to) {
    const complaint = await findComplaint(db, String(about));
    const jobs = complaint ? await jobsOf(db, [complaint.photoId]) : [];
    const job = jobs.find(({ id }) => id === complaint?.jobId);
    if (complaint?.state !== 'open' || !job) return undefined;
    const { id, photoId: photo, mayLook, text } = complaint;
    const fault = FAULT_WORDS[complaint.fault][language];
    const look = LOOK_WORDS[mayLook ? 'yes' : 'no'][language];
    const asked = JSON.stringify({ recipe: job.recipe, ...job.options });
    const values = { id, photo, fault, asked, look, text: text || '–' };
    return { to, name: 'complaint', values };
  },
  async fapiao({ db }, { about }, to) {
    const asked = await findFapiao(db, String(about));
    if (asked?.state !== 'open') return undefined;
    const { id, number, title, taxNumber, email, fen } = asked;
    const values = { id, number, title, taxNumber: taxNumber ?? '–', email, sum: (fen / 100).toFixed(2) };
    return { to, name: 'fapiao', values };
  },
  async 'fapiao-ended'({ db, publicUrl }, { about }, to) {
    const ended = await findFapiao(db, String(about));
    if (!ended?.note) return undefined;
    const name = ended.state === 'issued' ? 'fapiao-issued' : 'fapiao-refused';
    return { to, name, values: { number: ended.number, note: ended.note, link: `${publicUrl}/contact` } };
  },
  async refunded({ db, publicUrl }, { about, language }, to) {
    const refund = await findRefund(db, String(about));
    const order = refund && (await findOrder(db, refund.orderId));
    if (refund?.state !== 'done' || !order) return undefined;
    const { id, outTradeNo: number, currency } = order;
    const way = PAY_WAYS[payWayOf(order)][language];
    const sum = writeMoney(language, refund.fen, currency);
    return { to, name: 'refunded', values: { number, sum, way, link: `${publicUrl}/orders/${id}` } };
  },
  async 'complaint-answered'({ db, publicUrl }, { about }, to) {
    const answered = await findComplaint(db, String(about));
    if (!answered?.answer) return undefined;
    return { to, name: 'complaint-answered', values: { answer: answered.answer, link: `${publicUrl}/contact` } };
  },
  async 'credits-expiring'({ db, publicUrl, config, clock }, { about, userId, language }, to) {
    const user = userId ? await findUser(db, userId) : undefined;
    const lots = user ? await listLots(db, user.walletId, clock()) : [];
    const ending = lots.filter(({ source, expiresAt }) => source !== 'free' && expiresAt?.toISOString() === about);
    const credits = ending.reduce((sum, { available }) => sum + available, 0);
    if (credits === 0) return undefined;
    const until = writeTime(new Date(String(about)), language, config.TIME_ZONE);
    return { to, name: 'credits-expiring', values: { credits: String(credits), until, link: publicUrl } };
  },
};

/** The address where a token sets a password. The token stands behind `#`, so that no server's log has it. */
export const resetLink = (publicUrl: string, token: string): string => `${publicUrl}/reset-password#token=${token}`;

/** A moment in words, with its time zone. */
function writeTime(time: Date, language: Language, timeZone: string): string {
  const fields = { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(language, { ...fields, timeZone, timeZoneName: 'short' }).format(time);
}

/** The address of a mail: its own, or the user's of now. Undefined when they have none, or are gone. */
async function addressOf({ db, auth }: DraftDeps, { recipient, userId }: MailRow): Promise<string | undefined> {
  if (recipient !== null) return recipient;
  const user = userId ? await findUser(db, userId) : undefined;
  const found = user?.authId ? await readSignInUser(auth, user.authId) : undefined;
  return found?.emailVerified ? found.email : undefined;
}

/** What a mail says, made now; undefined when it is for nobody, or about nothing, any more. */
export async function draft(deps: DraftDeps, row: MailRow): Promise<Draft | undefined> {
  const to = await addressOf(deps, row);
  return to === undefined ? undefined : DRAFTS[row.kind](deps, row, to);
}
