import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** The database, or a transaction in it: functions that take a `Db` join the caller's transaction. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** The time as the program sees it; tests turn it. */
export type Clock = () => Date;
