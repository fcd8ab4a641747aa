import type { Fault, RecipeName, RunOptions } from '@hili/contract';
import { listComplaints } from './complaints.ts';
import { jobsOf } from './job-rows.ts';
import { extensionOf, photoPath } from './links.ts';
import type { OperatorDeps } from './operators.ts';
import { findPhoto, isGone } from './photos.ts';
import { readSignInUser } from './sign-ins.ts';
import { findUser } from './users.ts';

/** A complaint as the operator reads it. */
export interface ListedComplaint {
  readonly id: string;
  readonly photoId: string;
  readonly state: 'open' | 'answered';
  readonly fault: Fault;
  readonly text: string;
  readonly answer: string | null;
  readonly recipe: RecipeName | null;
  readonly options: RunOptions | null;
  readonly writtenAt: Date;
  /** Of who wrote it; null for a guest. */
  readonly email: string | null;
  /** Before and after, by signed links; only where the owner lets the operator look, and for as long as the pictures are kept. */
  readonly pictures: readonly string[];
}

/**
 * Complaints for the operator's eyes, the oldest first.
 * @param all answered ones too.
 */
export async function listForOperator(deps: OperatorDeps, all: boolean, now: Date): Promise<ListedComplaint[]> {
  const { db, auth, publicUrl } = deps;
  const rows = await listComplaints(db, all);
  const jobs = await jobsOf(
    db,
    rows.map(({ photoId }) => photoId),
  );
  return Promise.all(
    rows.map(async ({ id, photoId, jobId, state, fault, text, answer, writtenAt, mayLook }) => {
      const photo = await findPhoto(db, photoId);
      const job = jobs.find((each) => each.id === jobId);
      const user = photo?.userId ? await findUser(db, photo.userId) : undefined;
      const signIn = user?.authId ? await readSignInUser(auth, user.authId) : undefined;
      const email = signIn?.emailVerified ? signIn.email : null;
      const shown = mayLook && photo && !isGone(photo, now) ? photo : undefined;
      const paths = shown ? [photoPath(deps, shown, 'original', `${photoId}.${extensionOf(shown.format)}`)] : [];
      if (shown && job?.result)
        paths.push(photoPath(deps, shown, 'result', `${photoId}.${extensionOf(job.result.format)}`, 'inline', job.id));
      return {
        ...{ id, photoId, state, fault, text, answer, writtenAt, email },
        recipe: job?.recipe ?? null,
        options: job?.options ?? null,
        pictures: paths.map((path) => publicUrl + path),
      };
    }),
  );
}
