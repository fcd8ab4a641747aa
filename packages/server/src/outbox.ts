import { randomUUID } from 'node:crypto';
import type { Language } from '@hili/contract';
import type { Selectable } from 'kysely';
import type { Db } from './database.ts';
import { publish } from './events.ts';
import type { MailKind, Tables } from './tables.ts';

export type MailRow = Selectable<Tables['mail']>;

/** A mail to be sent. It is written only when it goes out: until then no code or link exists that could be read here. */
export interface MailWish {
  readonly kind: MailKind;
  readonly language: Language;
  /** Null for the user's own address at that time. */
  readonly recipient: string | null;
  readonly userId?: string;
  readonly about?: string;
  /** The same key is one mail; none for a mail of its own. */
  readonly key?: string;
}

/** Days for which an ended mail's key is remembered. */
const REMEMBERED_DAYS = 30;

/** Puts a mail into the outbox, in the caller's transaction. @returns false when its key was there before. */
export async function post(db: Db, { kind, language, recipient, userId, about, key }: MailWish, now: Date) {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('mail')
    .values({
      key: key ?? randomUUID(),
      ...{ kind, language, recipient },
      userId: userId ?? null,
      about: about ?? null,
      createdAt: now,
      dueAt: now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  const posted = Number(numInsertedOrUpdatedRows) > 0;
  if (posted) await publish(db, 'mail', { kind: 'mail' });
  return posted;
}

/** Takes the next mail that is due, for one try. Should this process die in it, the mail is due again at `againAt`. */
export async function takeMail(db: Db, now: Date, againAt: Date): Promise<MailRow | undefined> {
  return db
    .updateTable('mail')
    .set((e) => ({ attempts: e('attempts', '+', 1), dueAt: againAt }))
    .where('id', '=', (e) =>
      e
        .selectFrom('mail')
        .select('id')
        .where('endedAt', 'is', null)
        .where('dueAt', '<=', now)
        .orderBy('dueAt')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Says when a mail that did not go out is tried again. */
export async function delayMail(db: Db, id: string, dueAt: Date): Promise<void> {
  await db.updateTable('mail').set({ dueAt }).where('id', '=', id).where('endedAt', 'is', null).execute();
}

/** Ends a mail: sent, or dropped for good. Its address is forgotten. */
export async function endMail(db: Db, id: string, outcome: 'sent' | 'dropped', now: Date): Promise<void> {
  const ended = { outcome, recipient: null, about: null, endedAt: now };
  await db.updateTable('mail').set(ended).where('id', '=', id).execute();
}

/** Drops whatever is still to be sent to a user. */
export async function dropMails(db: Db, userId: string, now: Date): Promise<void> {
  await db
    .updateTable('mail')
    .set({ outcome: 'dropped', recipient: null, about: null, endedAt: now })
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .execute();
}

/** Forgets mails that ended long ago. @returns how many. */
export async function forgetMails(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - REMEMBERED_DAYS * 86_400_000);
  const { numDeletedRows } = await db.deleteFrom('mail').where('endedAt', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}
