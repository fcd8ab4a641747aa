import type { Db } from './database.ts';

/** An operator who acts, and from where. */
export interface Actor {
  /** Their e-mail address; at the command line the name by which the system knows them. */
  readonly operator: string;
  readonly origin: 'console' | 'cli';
  /** Null at the command line. */
  readonly address: string | null;
}

/** One act. Nothing in it is secret, and it names users by their ids, so that it can be kept when they leave. */
export interface Act {
  /** A noun and what was done to it, such as `user.disable`. */
  readonly act: string;
  /** To what: a noun and its id, such as `user 3f0c9c1e-…`. */
  readonly subject: string;
  readonly before?: object | undefined;
  readonly after?: object | undefined;
  readonly reason?: string | undefined;
  /** The same key is one act. */
  readonly key?: string | undefined;
}

/**
 * Writes down what an operator does, in the transaction that does it: whatever is killed, the one is there exactly when the other is.
 * The database refuses every change of these rows.
 * @returns false when an act of this key is there already.
 */
export async function recordAct(db: Db, by: Actor, { before, after, ...act }: Act, now: Date): Promise<boolean> {
  const { operator, origin, address } = by;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('audit')
    .values({
      ...{ operator, origin, address, at: now, act: act.act, subject: act.subject },
      before: before ? JSON.stringify(before) : null,
      after: after ? JSON.stringify(after) : null,
      reason: act.reason ?? null,
      key: act.key ?? null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}
