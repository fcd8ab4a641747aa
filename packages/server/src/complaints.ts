import { AppError, COMPLAINT_LENGTH, type ComplaintFields, type Language } from '@hili/contract';
import type { Selectable } from 'kysely';
import { type Db, inTransaction, type Tx } from './database.ts';
import { publish } from './events.ts';
import { post } from './outbox.ts';
import { OWNER_COLUMN, type OwnerRef, personOf } from './owners.ts';
import type { Photo, Tables } from './tables.ts';
import { holdUser } from './users.ts';

export type Complaint = Selectable<Tables['complaint']>;

/** Days for which a complaint is remembered, answered or not. */
const REMEMBERED_DAYS = 180;

/** What is wrong with a photo, as its owner says it. */
interface Filing extends ComplaintFields {
  readonly photo: Photo;
  readonly language: Language;
  /** The operator's address; undefined for none. */
  readonly operator: string | undefined;
}

/**
 * Takes a complaint about the newest result of a photo, or about a run that failed; while it is open, another one takes its place. The
 * operator has a mail about each.
 * @throws AppError NOT_FINISHED while there is nothing to complain about; BAD_REQUEST once it has been answered.
 */
export async function complain(db: Db, { photo, operator, language, ...wish }: Filing, now: Date): Promise<void> {
  const { fault, text, mayLook } = wish;
  const job = photo.doneJob ?? (photo.job.state === 'failed' ? photo.job : undefined);
  if (!job) throw new AppError('NOT_FINISHED');
  const said = { jobId: job.id, fault, text, mayLook, language, writtenAt: now };
  await db.transaction().execute(async (tx) => {
    if (photo.userId && !(await holdUser(tx, photo.userId))) throw new AppError('SIGN_IN_REQUIRED');
    const kept = await tx
      .insertInto('complaint')
      .values({ ...said, photoId: photo.id, createdAt: now })
      .onConflict((conflict) => conflict.column('photoId').doUpdateSet(said).where('complaint.state', '=', 'open'))
      .returning('id')
      .executeTakeFirst();
    if (!kept)
      throw new AppError('BAD_REQUEST', {
        field: 'text',
        detail: 'expected a complaint that is open for text but received one for a photo whose complaint is answered',
      });
    if (operator !== undefined)
      await post(tx, { kind: 'complaint', recipient: operator, about: kept.id, language }, now);
    await tellOwner(tx, photo);
  });
}

/** The complaints about these photos, by photo. */
export async function complaintsAbout(db: Db, photoIds: readonly string[]): Promise<Map<string, Complaint>> {
  if (photoIds.length === 0) return new Map();
  const rows = await complaints(db).where('photoId', 'in', photoIds).execute();
  return new Map(rows.map((row) => [row.photoId, row]));
}

export function findComplaint(db: Db, id: string): Promise<Complaint | undefined> {
  return complaints(db).where('id', '=', id).executeTakeFirst();
}

/** Complaints, the oldest first; answered ones only when asked for. */
export function listComplaints(db: Db, all: boolean): Promise<Complaint[]> {
  const rows = complaints(db).orderBy('writtenAt').orderBy('id');
  return (all ? rows : rows.where('state', '=', 'open')).execute();
}

/** Every complaint of an owner, oldest first. */
export function complaintsOf(db: Db, { kind, id }: OwnerRef): Promise<Complaint[]> {
  return complaints(db)
    .where('photoId', 'in', (e) => e.selectFrom('photo').select('photo.id').where(OWNER_COLUMN[kind], '=', id))
    .orderBy('writtenAt')
    .orderBy('id')
    .execute();
}

/**
 * Answers a complaint: its owner sees the answer at the photo for as long as that is kept, and has it by mail where there is an address.
 * @throws AppError BAD_REQUEST for no answer or a long one; DATA_NOT_FOUND when none with this id is open.
 */
export async function answerComplaint(db: Db, id: string, text: string, now: Date): Promise<Complaint> {
  const answer = text.trim();
  if (answer === '' || answer.length > COMPLAINT_LENGTH)
    throw new AppError('BAD_REQUEST', {
      field: 'text',
      detail: `expected 1 to ${COMPLAINT_LENGTH} characters for text but received ${answer.length}`,
    });
  return inTransaction(db, async (tx) => {
    const answered = await tx
      .updateTable('complaint')
      .set({ state: 'answered', answer, answeredAt: now })
      .where((e) => e(e.cast<string>('id', 'text'), '=', id))
      .where('state', '=', 'open')
      .returningAll()
      .executeTakeFirst();
    if (!answered)
      throw new AppError('DATA_NOT_FOUND', {
        detail: `expected the id of an open complaint but received ${JSON.stringify(id)}`,
      });
    const owner = await tx
      .selectFrom('photo')
      .select(['id', 'partnerId', 'visitorId', 'userId'])
      .where('id', '=', answered.photoId)
      .executeTakeFirstOrThrow();
    if (owner.userId !== null) {
      const { language } = answered;
      await post(tx, { kind: 'complaint-answered', recipient: null, userId: owner.userId, about: id, language }, now);
    }
    await tellOwner(tx, owner);
    return answered;
  });
}

/** Deletes what a user complained about: it goes with the account. */
export async function dropComplaints(tx: Tx, userId: string): Promise<void> {
  await tx
    .deleteFrom('complaint')
    .where('photoId', 'in', (e) => e.selectFrom('photo').select('photo.id').where('userId', '=', userId))
    .execute();
}

/** Forgets complaints that were written long ago. @returns how many. */
export async function forgetComplaints(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - REMEMBERED_DAYS * 86_400_000);
  const { numDeletedRows } = await db.deleteFrom('complaint').where('writtenAt', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}

async function tellOwner(tx: Tx, photo: Pick<Photo, 'id' | 'partnerId' | 'visitorId' | 'userId'>): Promise<void> {
  const person = personOf(photo);
  if (person !== null) await publish(tx, `owner:${person}`, { kind: 'photo', photoId: photo.id });
}

function complaints(db: Db) {
  return db.selectFrom('complaint').selectAll();
}
