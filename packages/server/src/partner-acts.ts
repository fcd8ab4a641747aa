import type { AdminMoved, AdminSecret } from '@hili/contract/admin';
import { type Actor, recordAct } from './audit.ts';
import { inTransaction, type Tx } from './database.ts';
import {
  createPartner,
  disablePartner,
  enablePartner,
  grantToPartner,
  partnerByCode,
  rotatePartner,
  setAddresses,
} from './partners.ts';
import type { Keys } from './secrets.ts';
import { type ActDeps, actKey, lapseAfter, once } from './user-acts.ts';

interface PartnerDeps extends ActDeps {
  readonly keys: Keys;
}

/** What an operator says about an act on a partner. */
interface Said {
  readonly reason?: string | undefined;
}

/** Writes down what is done to a partner, by its id: a code says nothing once it is gone. */
async function record(tx: Tx, by: Actor, code: string, act: string, more: object, now: Date): Promise<boolean> {
  const { id } = await partnerByCode(tx, code);
  return recordAct(tx, by, { act: `partner.${act}`, subject: `partner ${id}`, ...more }, now);
}

/** Makes a partner. @returns its secret, the only time that it is shown. @throws AppError as `createPartner`. */
export function makePartner(
  { db, keys, clock }: PartnerDeps,
  by: Actor,
  { code, name, reason }: Said & { readonly code: string; readonly name: string },
): Promise<AdminSecret> {
  return inTransaction(db, async (tx) => {
    const made = await createPartner(tx, keys, { code, name }, clock());
    await record(tx, by, code, 'create', { after: { code, name }, reason }, clock());
    return made;
  });
}

/** Gives a partner a new secret, and lets the old one go on for a while. @throws AppError DATA_NOT_FOUND */
export function renewSecret(
  { db, keys, clock }: PartnerDeps,
  by: Actor,
  code: string,
  { overlapSeconds, reason }: Said & { readonly overlapSeconds: number },
): Promise<AdminSecret> {
  return inTransaction(db, async (tx) => {
    const made = await rotatePartner(tx, keys, code, overlapSeconds, clock());
    await record(tx, by, code, 'rotate', { after: { overlapSeconds }, reason }, clock());
    return made;
  });
}

/** What a partner is granted. */
interface PartnerGrant extends Said {
  readonly key: string;
  readonly credits: number;
  /** Null for never; absent for one year from now. */
  readonly expiresAt?: Date | null;
}

/** Grants a partner credits, once a key. @throws AppError DATA_NOT_FOUND; BAD_REQUEST for a key of another wish. */
export function grantPartner(
  { db, clock }: ActDeps,
  by: Actor,
  code: string,
  { key, credits, reason, ...term }: PartnerGrant,
): Promise<AdminMoved> {
  const now = clock();
  const work = inTransaction(db, async (tx) => {
    const isNew = await grantToPartner(tx, code, credits, term, key, now, by.operator);
    if (isNew) await record(tx, by, code, 'grant', { after: { credits, ...term }, reason, key }, now);
    return { credits, isNew };
  });
  return once(work);
}

/** As `grantPartner`, for a wish of the console's. */
export const grantPartnerDays = (
  deps: ActDeps,
  by: Actor,
  code: string,
  { key, days, ...wish }: Said & { readonly key: string; readonly credits: number; readonly days: number | null },
): Promise<AdminMoved> =>
  grantPartner(deps, by, code, { ...wish, key: actKey(key), expiresAt: lapseAfter(days, deps.clock()) });

/** Refuses every further call of a partner, or takes them again. @throws AppError DATA_NOT_FOUND */
export async function setPartnerDisabled(
  { db, clock }: ActDeps,
  by: Actor,
  code: string,
  disabled: boolean,
  { reason }: Said,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await (disabled ? disablePartner(tx, code, clock()) : enablePartner(tx, code));
    await record(tx, by, code, disabled ? 'disable' : 'enable', { reason }, clock());
  });
}

/** Sets from where a partner may call. @throws AppError DATA_NOT_FOUND, BAD_REQUEST */
export async function limitPartner(
  { db, clock }: ActDeps,
  by: Actor,
  code: string,
  { addresses, reason }: Said & { readonly addresses: readonly string[] },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { before, after } = await setAddresses(tx, code, addresses);
    const change = { before: { addresses: before }, after: { addresses: after }, reason };
    await record(tx, by, code, 'addresses', change, clock());
  });
}
