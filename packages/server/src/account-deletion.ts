import { dropComplaints } from './complaints.ts';
import { publish } from './events.ts';
import { dropFapiao } from './fapiao.ts';
import { forgetInvitesOf } from './invite-rows.ts';
import { lockOpenJob } from './job-rows.ts';
import { failForGood, type JobDeps, removePhoto } from './jobs.ts';
import { dropMails, post } from './outbox.ts';
import { lockPhotosOf, setExpiry } from './photos.ts';
import { forgetRebatesOf } from './rebate-rows.ts';
import { removeSignIn } from './sign-ins.ts';
import { forgetPerson, lockUser } from './users.ts';

/**
 * Deletes an account. One transaction ends jobs, gives their credits back, lets every photo lapse and deletes all that says who the user
 * is; the ledger keeps its lines, which are nobody's then. The pictures are gone from storage when it returns; whatever is killed on the
 * way, the sweep removes what is left.
 * @param email where to say that it is done; null for nowhere.
 */
export async function deleteAccount(deps: JobDeps, userId: string, email: string | null): Promise<void> {
  const photoIds = await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock();
    const user = await lockUser(tx, userId);
    if (!user?.authId) return [];
    const photos = await lockPhotosOf(tx, { kind: 'user', id: userId });
    for (const photo of photos) {
      const job = await lockOpenJob(tx, photo.id);
      if (job) await failForGood(tx, deps, photo, job, 'CANCELLED');
      await setExpiry(tx, photo.id, now);
    }
    await forgetInvitesOf(tx, userId);
    await forgetRebatesOf(tx, userId);
    await dropMails(tx, userId, now);
    await dropComplaints(tx, userId);
    await dropFapiao(tx, userId);
    if (email !== null) await post(tx, { kind: 'account-deleted', recipient: email, language: user.language }, now);
    await forgetPerson(tx, userId, now);
    await removeSignIn(tx, user.authId);
    await publish(tx, `owner:${userId}`, { kind: 'moved' });
    return photos.map(({ id }) => id);
  });
  for (const id of photoIds) await removePhoto(deps, id);
}
